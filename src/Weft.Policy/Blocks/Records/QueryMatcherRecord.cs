using System.Runtime.InteropServices;
using Weft.Policy.Model;

namespace Weft.Policy.Blocks;

/// <summary>A compiled QueryParameterMatcher.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct QueryMatcherRecord
{
    public Text Name;
    public QueryMatchKind Kind;
    public int Present;
    public StringMatcherRecord Value;
}
