namespace Weft.Local.Pods;

/// <summary>Who a workload and a proxy are, seen from the machine.</summary>
/// <param name="IsRoot">weft runs as root: real users can be taken. Else only one uid is mapped and all are the same.</param>
public readonly record struct WorkloadUser(bool IsRoot)
{
    /// <summary>What a workload sees as its own uid and gid.</summary>
    public const int InsideId = 1000;

    /// <summary>What it is outside when weft runs as root: in the range that neither distributions nor systemd hand out.</summary>
    public const int OutsideId = 60550;

    /// <summary>What the proxy is when weft runs as root (Istio's).</summary>
    public const int ProxyId = 1337;
}
