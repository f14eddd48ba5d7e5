using System.Runtime.InteropServices;

namespace Weft.Policy.Regex;

/// <summary>One instruction of the byte automaton; 16 bytes, as it lies in a rewrite's image.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegexInstruction
{
    public RegexOp Op;

    /// <summary>Where to go on; for Split the preferred way.</summary>
    public int Next;

    /// <summary>Byte: lowest byte. Split: the other way. Save: the slot.</summary>
    public int A;

    /// <summary>Byte: highest byte.</summary>
    public int B;
}
