using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>Bytes with a format of their own inside a block: a compiled regular expression, an inline route table, an inline virtual host.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Embedded(int Offset, int Length)
{
    public bool IsEmpty => Length == 0;
}
