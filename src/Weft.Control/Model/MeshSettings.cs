using System;
using Weft.Config.Security;

namespace Weft.Control.Model;

/// <summary>What is the same for the whole mesh: Istio's MeshConfig as far as Weft has it. Immutable.</summary>
public sealed record MeshSettings
{
    public string TrustDomain { get; init; } = "cluster.local";

    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Name of the cluster in keys and workload uids; Istio's default.</summary>
    public string ClusterId { get; init; } = "Kubernetes";

    /// <summary>Policies without a selector here hold for the mesh.</summary>
    public string RootNamespace { get; init; } = "istio-system";

    /// <summary>What servers accept where no PeerAuthentication speaks.</summary>
    public MutualTlsMode DefaultMutualTls { get; init; } = MutualTlsMode.Permissive;

    /// <summary>Where proxies write their access log; empty = none.</summary>
    public string AccessLogPath { get; init; } = "";

    /// <summary>True: what no service covers goes where the client wanted (ALLOW_ANY). False: REGISTRY_ONLY.</summary>
    public bool AllowUnknownDestinations { get; init; } = true;

    /// <summary>How long a silent connection is waited for before it counts as TCP. Ours 1 s, Istio's 0 (design section 4; docs/differences.md).</summary>
    public TimeSpan ProtocolDetectionTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Istio's default.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>PEM of the roots that proxies trust; becomes the secret ROOTCA.</summary>
    public string TrustBundlePem { get; init; } = "";

    public string SpiffeId(string @namespace, string serviceAccount) => $"spiffe://{TrustDomain}/ns/{@namespace}/sa/{serviceAccount}";
}
