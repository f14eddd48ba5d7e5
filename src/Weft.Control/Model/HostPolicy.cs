using System;
using System.Collections.Generic;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>A named part of a service's endpoints, by labels, with settings of its own.</summary>
public sealed record SubsetPolicy(string Name, ImmutableSortedDictionary<string, string> Labels, ScopedTrafficSettings Traffic, Origin Origin);

/// <summary>Settings with their port-level replacements: a port entry replaces the whole of the general one (istio.md 1.2).</summary>
public sealed record ScopedTrafficSettings(TrafficSettings General, ImmutableSortedDictionary<int, TrafficSettings> Ports)
{
    public static ScopedTrafficSettings Unset { get; } = new(TrafficSettings.Unset, ImmutableSortedDictionary<int, TrafficSettings>.Empty);

    public TrafficSettings ForPort(int port) => Ports.GetValueOrDefault(port, General);
}

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
