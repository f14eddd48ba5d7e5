using System.Collections.Generic;

namespace Weft.Interception;

/// <summary>What is redirected and what is not, for one pod: the value that rules are made of.</summary>
public sealed record InterceptionSettings
{
    public InterceptionMode Mode { get; init; } = InterceptionMode.Redirect;

    public required LoopGuards Guards { get; init; }

    /// <summary>Where outbound connections go.</summary>
    public int OutboundPort { get; init; } = 15001;

    /// <summary>Where inbound connections go.</summary>
    public int InboundPort { get; init; } = 15006;

    /// <summary>Where DNS questions go (udp and tcp 53), or null when names are not captured.</summary>
    public int? DnsPort { get; init; } = 15053;

    public PortSelection IncludeInboundPorts { get; init; } = PortSelection.All;

    /// <summary>The user's; <see cref="AlwaysExcludedInbound"/> is added. Only meaningful while all inbound ports are included (as in Istio).</summary>
    public IReadOnlyList<int> ExcludeInboundPorts { get; init; } = [];

    public RangeSelection IncludeOutboundRanges { get; init; } = RangeSelection.All;

    public IReadOnlyList<string> ExcludeOutboundRanges { get; init; } = [];

    /// <summary>Redirected wherever they go, whatever the ranges say.</summary>
    public IReadOnlyList<int> IncludeOutboundPorts { get; init; } = [];

    public IReadOnlyList<int> ExcludeOutboundPorts { get; init; } = [];

    /// <summary>Interfaces whose traffic is left alone in both directions.</summary>
    public IReadOnlyList<string> ExcludeInterfaces { get; init; } = [];

    /// <summary>The proxy's own ports: metrics, readiness, merged metrics (istio-init's -d).</summary>
    public static IReadOnlyList<int> AlwaysExcludedInbound { get; } = [15090, 15021, 15020];

    /// <summary>HBONE: its own tunnel, never redirected (Istio).</summary>
    public const int TunnelPort = 15008;

    /// <summary>Source address of connections from the proxy to its own workload; they go straight through.</summary>
    public const string InboundPassthroughSource = "127.0.0.6/32";
}
