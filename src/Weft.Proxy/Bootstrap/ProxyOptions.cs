using System;
using System.Collections.Generic;
using System.Net;

namespace Weft.Proxy.Bootstrap;

/// <summary>
/// Everything a weft-proxy process is told at start: flags, or the same words as <c>WEFT_…</c> environment variables.
/// Immutable; read by every part, changed by none.
/// </summary>
public sealed record ProxyOptions
{
    public ProxyRole Role { get; init; } = ProxyRole.Sidecar;
    public string Pod { get; init; } = "";
    public string Namespace { get; init; } = "default";
    public string ServiceAccount { get; init; } = "default";

    /// <summary>The workload's own address, as peers see it.</summary>
    public string Address { get; init; } = "127.0.0.1";
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Name of the workload that owns the pod (a Deployment's name, usually).</summary>
    public string Owner { get; init; } = "";
    public string ClusterId { get; init; } = "Kubernetes";

    /// <summary>weftd's address, <c>host:port</c>; empty: no discovery (tests that publish snapshots themselves).</summary>
    public string Discovery { get; init; } = "";

    /// <summary>Name that weftd's serving certificate must carry.</summary>
    public string DiscoveryName { get; init; } = "istiod.istio-system.svc";
    /// <summary>Discovery without TLS: fixtures and loopback only.</summary>
    public bool DiscoveryPlaintext { get; init; }
    public string RootCertificateFile { get; init; } = "";
    public string TokenFile { get; init; } = "";
    public string TrustDomain { get; init; } = "cluster.local";
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Inherited listening socket of 15001; -1: the process opens its own.</summary>
    public int OutboundDescriptor { get; init; } = -1;

    /// <summary>Inherited listening socket of 15006; -1: the process opens its own.</summary>
    public int InboundDescriptor { get; init; } = -1;

    /// <summary>Inherited UDP socket of 15053; -1: the process opens its own.</summary>
    public int DnsDescriptor { get; init; } = -1;
    public IReadOnlyList<Door> Doors { get; init; } = [];

    /// <summary>Unix socket that takes the verbs which change the proxy; empty: none.</summary>
    public string AdminSocket { get; init; } = "";

    /// <summary>SO_MARK of every socket the proxy opens toward the network, so that redirection lets it pass; 0: none.</summary>
    public int Mark { get; init; }

    /// <summary>Number of loops; 0: the CPU quota.</summary>
    public int Concurrency { get; init; }

    /// <summary>Resolver that names outside the mesh are forwarded to; null: such names do not exist.</summary>
    public IPAddress? UpstreamDns { get; init; }

    /// <summary>How long a drain waits for requests in flight, in seconds.</summary>
    public int DrainSeconds { get; init; } = 45;

    /// <summary>Silence after which an undeclared port becomes TCP, in milliseconds (design section 4; Istio: no timeout).</summary>
    public int DetectionTimeoutMilliseconds { get; init; } = 1000;

    /// <summary>Access log on stdout.</summary>
    public bool AccessLog { get; init; } = true;

    public int OutboundPort { get; init; } = 15001;
    public int InboundPort { get; init; } = 15006;
    /// <summary>Where the read-only admin interface listens; loopback, because every process of the pod reaches it. Port 0: off.</summary>
    public IPEndPoint AdminAddress { get; init; } = new(IPAddress.Loopback, 15000);

    /// <summary>Port of <c>/healthz/ready</c>; 0: off.</summary>
    public int StatusPort { get; init; } = 15021;
    public int MetricsPort { get; init; } = 15090;
    public int DnsPort { get; init; } = 15053;

    /// <summary>Node id in Envoy's and Istio's form: <c>type~ip~pod.namespace~namespace.svc.domain</c>.</summary>
    public string NodeId =>
        $"{(Role == ProxyRole.Router ? "router" : "sidecar")}~{Address}~{Pod}.{Namespace}~{Namespace}.svc.{ClusterDomain}";

    /// <summary>The SPIFFE id that this workload asks for and expects to get.</summary>
    public string SpiffeId => $"spiffe://{TrustDomain}/ns/{Namespace}/sa/{ServiceAccount}";

    /// <summary>The number of loops to start.</summary>
    public int Loops => Concurrency > 0 ? Concurrency : Math.Max(1, Environment.ProcessorCount);
}
