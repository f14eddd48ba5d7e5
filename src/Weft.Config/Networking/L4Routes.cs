using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>One entry of <c>tls</c>: chosen by SNI, bytes passed through.</summary>
public sealed record TlsRoute
{
    public IReadOnlyList<TlsMatchAttributes> Match { get; init; } = [];

    public IReadOnlyList<RouteDestination> Route { get; init; } = [];
}

public sealed record TlsMatchAttributes
{
    public IReadOnlyList<string> SniHosts { get; init; } = [];

    public IReadOnlyList<string> DestinationSubnets { get; init; } = [];

    public uint? Port { get; init; }

    public IReadOnlyDictionary<string, string> SourceLabels { get; init; } = EmptyMap.OfStrings;

    public string? SourceNamespace { get; init; }

    public IReadOnlyList<string> Gateways { get; init; } = [];
}

/// <summary>One entry of <c>tcp</c>.</summary>
public sealed record TcpRoute
{
    public IReadOnlyList<L4MatchAttributes> Match { get; init; } = [];

    public IReadOnlyList<RouteDestination> Route { get; init; } = [];
}

public sealed record L4MatchAttributes
{
    public IReadOnlyList<string> DestinationSubnets { get; init; } = [];

    public uint? Port { get; init; }

    public string? SourceSubnet { get; init; }

    public IReadOnlyDictionary<string, string> SourceLabels { get; init; } = EmptyMap.OfStrings;

    public string? SourceNamespace { get; init; }

    public IReadOnlyList<string> Gateways { get; init; } = [];
}

/// <summary>Destination and weight of a TLS or TCP route.</summary>
public sealed record RouteDestination
{
    public Destination Destination { get; init; } = new();

    public int? Weight { get; init; }
}
