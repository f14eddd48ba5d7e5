using System.Runtime.InteropServices;

namespace Weft.Policy.Regex;

/// <summary>First bytes of a matcher's image; then 256 byte classes, one accept flag a state, and the table of 16-bit states.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegexDfaHeader
{
    public const int Size = 16;

    public int States;
    public int Classes;
    public int Start;

    /// <summary>Length of the accept flags, padded to even.</summary>
    public int AcceptBytes;
}
