using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>One entry of weighted_clusters.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct WeightedClusterRecord
{
    public NameRef Cluster;
    public uint Weight;
    public uint Reserved;
    public Run RequestOps;
    public Run ResponseOps;
    public Text HostRewriteLiteral;
}
