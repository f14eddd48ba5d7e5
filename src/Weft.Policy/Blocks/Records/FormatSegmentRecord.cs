using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A piece of a header value: a literal, or a command operator to be evaluated by the caller.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct FormatSegmentRecord
{
    public FormatOperator Operator;

    /// <summary>Longest output in bytes (<c>%REQ(X):10%</c>); 0 is no limit.</summary>
    public int MaxLength;

    /// <summary>The literal, or the operator's argument (a header name).</summary>
    public Text Argument;

    /// <summary>The second header name of <c>%REQ(X?Y)%</c>.</summary>
    public Text Alternative;
}
