using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>Listeners that a selected proxy opens: what one Gateway says. Immutable.</summary>
public sealed record GatewayServers
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Labels of the proxies that open it; empty = every router.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required ImmutableArray<GatewayServer> Servers { get; init; }

    public DateTimeOffset Created { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>How rules name it.</summary>
    public string Reference => Namespace + "/" + Name;
}
