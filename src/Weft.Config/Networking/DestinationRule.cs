using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>Istio's DestinationRule spec, whole schema.</summary>
public sealed record DestinationRule
{
    /// <summary>As written: short names resolve in the rule's namespace.</summary>
    public string Host { get; init; } = "";

    public TrafficPolicy? TrafficPolicy { get; init; }

    public IReadOnlyList<Subset> Subsets { get; init; } = [];

    public IReadOnlyList<string> ExportTo { get; init; } = [];

    /// <summary>Null: every client.</summary>
    public IReadOnlyDictionary<string, string>? WorkloadSelector { get; init; }
}

public sealed record Subset
{
    public string Name { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyMap.OfStrings;

    public TrafficPolicy? TrafficPolicy { get; init; }
}

/// <summary>How a client talks to a destination. Blocks that are null were not written.</summary>
public record TrafficPolicy
{
    public LoadBalancerSettings? LoadBalancer { get; init; }

    public ConnectionPoolSettings? ConnectionPool { get; init; }

    public OutlierDetection? OutlierDetection { get; init; }

    public ClientTlsSettings? Tls { get; init; }

    /// <summary>Replace the blocks above, wholesale, for their port.</summary>
    public IReadOnlyList<PortTrafficPolicy> PortLevelSettings { get; init; } = [];

    public TunnelSettings? Tunnel { get; init; }

    /// <summary><c>V1</c> or <c>V2</c>.</summary>
    public string? ProxyProtocol { get; init; }

    public RetryBudget? RetryBudget { get; init; }
}

public sealed record PortTrafficPolicy
{
    public uint Port { get; init; }

    public LoadBalancerSettings? LoadBalancer { get; init; }

    public ConnectionPoolSettings? ConnectionPool { get; init; }

    public OutlierDetection? OutlierDetection { get; init; }

    public ClientTlsSettings? Tls { get; init; }
}

public sealed record TunnelSettings
{
    public string? Protocol { get; init; }

    public string TargetHost { get; init; } = "";

    public uint TargetPort { get; init; }
}
