using System.Collections.Generic;

namespace Weft.Config.Core;

/// <summary>A discovery.k8s.io/v1 EndpointSlice; its service is the label <c>kubernetes.io/service-name</c>.</summary>
public sealed record EndpointSlice
{
    /// <summary>The label that names the service.</summary>
    public const string ServiceNameLabel = "kubernetes.io/service-name";

    /// <summary>IPv4, IPv6 or FQDN.</summary>
    public string AddressType { get; init; } = "IPv4";

    public IReadOnlyList<EndpointPort> Ports { get; init; } = [];

    public IReadOnlyList<Endpoint> Endpoints { get; init; } = [];
}

public sealed record EndpointPort
{
    public string Name { get; init; } = "";

    /// <summary>Null: all ports.</summary>
    public int? Port { get; init; }

    public string Protocol { get; init; } = "TCP";

    public string? AppProtocol { get; init; }
}

public sealed record Endpoint
{
    public IReadOnlyList<string> Addresses { get; init; } = [];

    /// <summary>Unknown reads as true, as Kubernetes says.</summary>
    public bool IsReady { get; init; } = true;

    /// <summary>Defaults to <see cref="IsReady"/>.</summary>
    public bool IsServing { get; init; } = true;

    public bool IsTerminating { get; init; }

    public string? Hostname { get; init; }

    public string? NodeName { get; init; }

    public string? Zone { get; init; }

    public ObjectReference? TargetRef { get; init; }
}

/// <summary>Points to another object, for endpoints the pod.</summary>
public sealed record ObjectReference(string Kind, string Namespace, string Name);
