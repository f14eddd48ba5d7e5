using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary><see cref="CidrRange"/> without padding.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PrefixRecord
{
    public IpAddress Network;
    public int PrefixLength;
    public int Reserved;

    public readonly CidrRange Range => new(Network, PrefixLength);
}
