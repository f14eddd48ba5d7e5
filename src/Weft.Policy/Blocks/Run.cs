using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>Consecutive elements of one of the block's arrays.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Run(int Start, int Count)
{
    public bool IsEmpty => Count == 0;
}
