using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>Shape of a domain index: buckets (a power of two), and the lengths of wildcards that occur, longest first.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DomainTableRecord
{
    /// <summary>Virtual host that claims <c>*</c>; -1 when none does.</summary>
    public int AnyVirtualHost;
    public int Buckets;
    public int SuffixLengths;
    public int PrefixLengths;
}
