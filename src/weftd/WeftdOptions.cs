using System.Collections.Generic;
using System.Net;
using Weft.Config.Security;

namespace Weft.ControlHost;

/// <summary>What <c>weftd</c> was told on its command line.</summary>
internal sealed record WeftdOptions
{
    /// <summary><c>unix:PATH</c>, <c>in-cluster</c> or a kubeconfig.</summary>
    public string Source { get; init; } = "in-cluster";

    /// <summary>Directory of the CA and the journal.</summary>
    public string StateDirectory { get; init; } = "/var/lib/weft";

    public IPEndPoint? Plaintext { get; init; } = new(IPAddress.Loopback, 15010);

    public IPEndPoint? Secure { get; init; } = new(IPAddress.Any, 15012);

    public IPEndPoint? Metrics { get; init; } = new(IPAddress.Any, 15014);

    public IPEndPoint? Health { get; init; } = new(IPAddress.Loopback, 8080);

    public string? DebugSocket { get; init; }

    public string TrustDomain { get; init; } = "cluster.local";

    public string ClusterDomain { get; init; } = "cluster.local";

    public MutualTlsMode DefaultMutualTls { get; init; } = MutualTlsMode.Permissive;

    public string RootNamespace { get; init; } = "istio-system";

    public string AccessLog { get; init; } = "";

    /// <summary>Empty: istiod and weftd in the root namespace.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = [];

    public bool IsVerbose { get; init; }
}
