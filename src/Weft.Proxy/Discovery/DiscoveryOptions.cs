using System;
using System.Collections.Generic;

namespace Weft.Proxy.Discovery;

/// <summary>How to reach weftd and who we are. Immutable.</summary>
public sealed record DiscoveryOptions
{
    /// <summary><c>host:port</c> of weftd.</summary>
    public required string Address { get; init; }

    /// <summary>Name that weftd's certificate must carry.</summary>
    public string ServerName { get; init; } = "istiod.istio-system.svc";

    /// <summary>PEM file with the roots that weftd's certificate must chain to.</summary>
    public string RootCertificateFile { get; init; } = "";

    /// <summary>File with the service account token, read anew for each use; empty: none.</summary>
    public string TokenFile { get; init; } = "";

    /// <summary>No TLS, for fixtures: refused unless the address is loopback.</summary>
    public bool IsPlaintext { get; init; }

    /// <summary>False when nothing here needs a certificate (a fixture without a CA).</summary>
    public bool WantsIdentity { get; init; } = true;

    /// <summary>SO_MARK of the sockets to weftd; 0: none.</summary>
    public int Mark { get; init; }

    /// <summary><c>type~ip~pod.namespace~namespace.svc.domain</c>.</summary>
    public required string NodeId { get; init; }

    /// <summary>Envoy's node.cluster: the workload's canonical name.</summary>
    public string NodeCluster { get; init; } = "";

    /// <summary>Node metadata as Istio's control plane reads it, without the dialect, which discovery adds.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>LABELS of the node's metadata.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The SPIFFE id that we expect to get.</summary>
    public required string SpiffeId { get; init; }

    /// <summary>First and longest wait before connecting again; Envoy's numbers.</summary>
    public TimeSpan BackOffBase { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan BackOffMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Takes a line (<c>warning: …</c>) when the status changes; any thread.</summary>
    public Action<string>? Log { get; init; }
}
