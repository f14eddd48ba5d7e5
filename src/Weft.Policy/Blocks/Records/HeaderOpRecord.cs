using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>One header operation. Removals of a level come before its additions.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct HeaderOpRecord
{
    /// <summary>As written (case kept); compared case-insensitively.</summary>
    public Text Name;

    /// <summary>The value when it holds no command operator; else empty and <see cref="Segments"/> says it.</summary>
    public Text Literal;
    public Run Segments;

    /// <summary>1: remove, and nothing else counts.</summary>
    public int IsRemove;
    public HeaderAppendAction Action;
    public int KeepEmptyValue;
    public int Reserved;
}
