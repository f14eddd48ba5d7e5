using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>
/// Rules for some hosts, bound to the mesh or to gateways: what one VirtualService (or, later, one HTTPRoute) says. Immutable.
/// </summary>
public sealed record HostRules
{
    /// <summary>The word for "every sidecar" among <see cref="Gateways"/>.</summary>
    public const string MeshGateway = "mesh";

    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Fully qualified hosts, or wildcards <c>*</c> and <c>*.suffix</c>.</summary>
    public required ImmutableArray<string> Hosts { get; init; }

    /// <summary><see cref="MeshGateway"/> or <c>namespace/name</c>.</summary>
    public required ImmutableArray<string> Gateways { get; init; }

    public ExportScope ExportTo { get; init; } = ExportScope.Everywhere;

    public DateTimeOffset Created { get; init; }

    public required ImmutableArray<Rule> Rules { get; init; }

    public required Origin Origin { get; init; }

    public bool IsBoundTo(string gateway) => Gateways.Contains(gateway);
}
