using System.Collections.Generic;

namespace Weft.Config.Core;

/// <summary>A Service.</summary>
public sealed record Service
{
    /// <summary>ClusterIP, NodePort, LoadBalancer or ExternalName.</summary>
    public string Type { get; init; } = "ClusterIP";

    /// <summary>Empty when not assigned, <c>None</c> when headless.</summary>
    public string ClusterIP { get; init; } = "";

    public IReadOnlyList<string> ClusterIPs { get; init; } = [];

    public IReadOnlyList<string> ExternalIPs { get; init; } = [];

    public string? ExternalName { get; init; }

    /// <summary>Empty: no selector, endpoints come from elsewhere.</summary>
    public IReadOnlyDictionary<string, string> Selector { get; init; } = EmptyMap.OfStrings;

    public IReadOnlyList<ServicePort> Ports { get; init; } = [];

    public bool PublishNotReadyAddresses { get; init; }

    /// <summary><c>None</c> or <c>ClientIP</c>.</summary>
    public string SessionAffinity { get; init; } = "None";

    public string? TrafficDistribution { get; init; }

    public string? InternalTrafficPolicy { get; init; }

    public bool IsHeadless => ClusterIP == "None";
}

public sealed record ServicePort
{
    public string Name { get; init; } = "";

    public int Port { get; init; }

    /// <summary>Defaults to <see cref="Port"/>.</summary>
    public IntOrString TargetPort { get; init; }

    /// <summary>TCP, UDP or SCTP.</summary>
    public string Protocol { get; init; } = "TCP";

    public string? AppProtocol { get; init; }

    public int NodePort { get; init; }
}
