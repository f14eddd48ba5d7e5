using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A compiled HeaderMatcher.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct HeaderMatcherRecord
{
    /// <summary>Lower-case.</summary>
    public Text Name;
    public HeaderMatchKind Kind;
    public HeaderSource Source;
    public StringMatcherRecord Value;
    public long RangeStart;
    public long RangeEnd;
    public int Present;
    public int Invert;
    public int TreatMissingAsEmpty;
    public int Reserved;
}
