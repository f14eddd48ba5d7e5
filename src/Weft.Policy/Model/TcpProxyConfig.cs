using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>TcpProxy as written: <see cref="Cluster"/> or <see cref="WeightedClusters"/>.</summary>
public sealed class TcpProxyConfig
{
    public string StatPrefix { get; set; } = "";

    public string Cluster { get; set; } = "";

    public List<WeightedClusterConfig> WeightedClusters { get; } = [];

    /// <summary>1 h when unset.</summary>
    public TimeLimit IdleTimeout { get; set; }

    public TimeLimit MaxDownstreamConnectionDuration { get; set; }

    /// <summary>1 when unset (0).</summary>
    public uint MaxConnectAttempts { get; set; }

    public List<Origin> Origins { get; } = [];
}
