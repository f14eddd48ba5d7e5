using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>RouteAction: where to and under which limits.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct RouteActionRecord
{
    /// <summary>Empty when <see cref="WeightedClusters"/> decide.</summary>
    public NameRef Cluster;
    public Run WeightedClusters;
    public ulong TotalWeight;
    public TimeLimit Timeout;
    public TimeLimit IdleTimeout;
    public TimeLimit MaxStreamDuration;
    public TimeLimit GrpcTimeoutHeaderMax;

    /// <summary>-1 when there is none.</summary>
    public int RetryPolicy;
    public int ClusterNotFoundStatus;
    public Text PrefixRewrite;

    /// <summary>A compiled rewrite program; empty when there is none.</summary>
    public Embedded RegexRewrite;
    public Text RegexRewritePattern;
    public Text RegexRewriteSubstitution;
    public Text HostRewriteLiteral;
    public int AutoHostRewrite;
    public int AppendXForwardedHost;
}
