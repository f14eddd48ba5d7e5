using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>TcpProxy.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct TcpProxyRecord
{
    public Text StatPrefix;
    public NameRef Cluster;
    public Run WeightedClusters;
    public ulong TotalWeight;
    public TimeLimit IdleTimeout;
    public TimeLimit MaxDownstreamConnectionDuration;
    public uint MaxConnectAttempts;
    public uint Reserved;
    public Run Origins;
}
