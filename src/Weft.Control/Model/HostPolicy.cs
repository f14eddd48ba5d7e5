using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>Settings for a host: what one DestinationRule says. Immutable.</summary>
public sealed record HostPolicy
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Fully qualified host or wildcard.</summary>
    public required string Host { get; init; }

    public ScopedTrafficSettings Traffic { get; init; } = ScopedTrafficSettings.Unset;

    public ImmutableArray<SubsetPolicy> Subsets { get; init; } = [];

    /// <summary>Client pods it is for; empty = all.</summary>
    public ImmutableSortedDictionary<string, string> WorkloadSelector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ExportScope ExportTo { get; init; } = ExportScope.Everywhere;

    public DateTimeOffset Created { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>What applies to one port, without or with a subset. The subset's policy goes over the rule's, block by block.</summary>
    public TrafficSettings Effective(int port, SubsetPolicy? subset)
    {
        TrafficSettings general = Traffic.ForPort(port);
        return subset is null ? general : general.OverriddenBy(subset.Traffic.ForPort(port));
    }
}
