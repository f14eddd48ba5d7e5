using System.Collections.Generic;

namespace Weft.Policy.Model;

/// <summary>RouteAction as written: <see cref="Cluster"/> or <see cref="WeightedClusters"/>.</summary>
public sealed class RouteActionConfig
{
    public string Cluster { get; set; } = "";

    public List<WeightedClusterConfig> WeightedClusters { get; } = [];

    /// <summary>Status when the cluster is unknown; 0 is unset (503).</summary>
    public int ClusterNotFoundStatus { get; set; }

    /// <summary>15 s when unset, off when zero.</summary>
    public TimeLimit Timeout { get; set; }

    public TimeLimit IdleTimeout { get; set; }

    /// <summary>max_stream_duration.max_stream_duration.</summary>
    public TimeLimit MaxStreamDuration { get; set; }

    /// <summary>max_stream_duration.grpc_timeout_header_max (or max_grpc_timeout).</summary>
    public TimeLimit GrpcTimeoutHeaderMax { get; set; }

    public RetryPolicyConfig? RetryPolicy { get; set; }

    public string PrefixRewrite { get; set; } = "";

    public RegexRewriteConfig? RegexRewrite { get; set; }

    public string HostRewriteLiteral { get; set; } = "";

    public bool AutoHostRewrite { get; set; }

    public bool AppendXForwardedHost { get; set; }
}
