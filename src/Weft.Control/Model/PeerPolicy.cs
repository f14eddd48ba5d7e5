using System;
using System.Collections.Immutable;
using Weft.Config.Security;

namespace Weft.Control.Model;

/// <summary>Requirements on peers: what one PeerAuthentication says. Immutable.</summary>
public sealed record PeerPolicy
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Labels of the workloads it is for; null = the whole namespace (or the mesh, in the root namespace).</summary>
    public ImmutableSortedDictionary<string, string>? Selector { get; init; }

    public MutualTlsMode Mode { get; init; }

    public Origin ModeOrigin { get; init; }

    /// <summary>By workload port; only with a selector.</summary>
    public ImmutableSortedDictionary<int, MutualTlsMode> Ports { get; init; } = ImmutableSortedDictionary<int, MutualTlsMode>.Empty;

    public DateTimeOffset Created { get; init; }

    public required Origin Origin { get; init; }
}
