using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>UTF-8 in the block's text blob.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Text(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}
