using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>The endpoints of one priority: <c>[Start, Start+Ready)</c> may be picked.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PriorityRecord
{
    public int Start;
    public int Ready;
    public int Total;

    /// <summary>Share of requests in percent by Envoy's priority arithmetic (xds.md C.5).</summary>
    public int LoadPercent;
    public ulong ReadyWeight;

    /// <summary>1 when all ready endpoints weigh the same.</summary>
    public int IsUniform;
    public int Reserved;
}
