using System.Net;

namespace Weft.Local.Pods;

/// <summary>The addresses of a machine: pods on one bridge, service addresses that no interface has.</summary>
public sealed record NetworkPlan
{
    public string BridgeName { get; init; } = "weft0";

    /// <summary>Locally administered, unicast.</summary>
    public string BridgeHardwareAddress { get; init; } = "02:00:0a:f4:00:01";

    /// <summary>The machine's own on the bridge: gateway, weftd, DNS for pods without a sidecar.</summary>
    public IPAddress MachineAddress { get; init; } = new([10, 244, 0, 1]);

    public int PrefixLength { get; init; } = 16;

    /// <summary>First two bytes of pod addresses.</summary>
    public (byte First, byte Second) PodPrefix { get; init; } = (10, 244);

    /// <summary>First two bytes of service addresses.</summary>
    public (byte First, byte Second) ServicePrefix { get; init; } = (10, 96);

    /// <summary>weftd's xDS and CA.</summary>
    public int DiscoveryPort { get; init; } = 15012;
}
