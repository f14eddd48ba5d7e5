using System.Collections.Generic;
using System.Net;

namespace Weft.Serving.Hosting;

/// <summary>Where the control plane listens; a null address is not opened. Port 0 lets the system choose (tests).</summary>
public sealed record ControlServerOptions
{
    /// <summary>Plaintext discovery; must be loopback.</summary>
    public IPEndPoint? Plaintext { get; init; } = new(IPAddress.Loopback, 15010);

    /// <summary>Discovery and certificates over TLS.</summary>
    public IPEndPoint? Secure { get; init; } = new(IPAddress.Any, 15012);

    /// <summary>Metrics for proven callers, over TLS.</summary>
    public IPEndPoint? Metrics { get; init; } = new(IPAddress.Any, 15014);

    /// <summary>/ready and /healthz; loopback.</summary>
    public IPEndPoint? Health { get; init; } = new(IPAddress.Loopback, 8080);

    /// <summary>Path of the debug socket; made with mode 0600.</summary>
    public string? DebugSocket { get; init; }

    /// <summary>Names in the serving certificate.</summary>
    public IReadOnlyList<string> DnsNames { get; init; } = ["istiod.istio-system.svc", "weftd.istio-system.svc"];

    /// <summary>Namespace whose identities may read debug pages on the metrics port.</summary>
    public string RootNamespace { get; init; } = "istio-system";
}
