using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A cluster's own fields.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ClusterRecord
{
    public Text AltStatName;

    /// <summary>The EndpointSet to use, for EDS.</summary>
    public NameRef EndpointSet;
    public ClusterType Type;
    public LoadBalancingPolicy LoadBalancing;
    public uint ChoiceCount;
    public UpstreamHttpProtocol HttpProtocol;
    public TimeLimit ConnectTimeout;
    public TimeLimit IdleTimeout;
    public TimeLimit MaxConnectionDuration;
    public uint MaxRequestsPerConnection;

    /// <summary>Percent; -1 when unset.</summary>
    public int HealthyPanicThreshold;
    public CircuitBreakerConfig Limits;
    public CircuitBreakerConfig HighPriorityLimits;

    /// <summary>Hundredths of a percent of active and pending requests.</summary>
    public uint RetryBudgetPercentHundredths;
    public uint RetryBudgetMinConcurrency;
    public TcpKeepaliveConfig TcpKeepalive;
    public int UpstreamPortOverride;

    /// <summary>Only when <see cref="HasBindSource"/> is 1.</summary>
    public IpAddress BindSourceAddress;
    public int BindSourcePort;
    public int HasBindSource;

    /// <summary>A whole EndpointSet block, for STATIC and DNS types.</summary>
    public Embedded InlineEndpoints;
    public Run TransportSockets;
    public Run Services;
    public Text Subset;
    public Run Origins;
}
