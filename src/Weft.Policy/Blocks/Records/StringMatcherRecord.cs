using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A compiled StringMatcher; <see cref="Value"/> is lower-cased when <see cref="IgnoreCase"/> is 1.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct StringMatcherRecord
{
    public StringMatchKind Kind;
    public int IgnoreCase;
    public Text Value;
    public Embedded Regex;
}
