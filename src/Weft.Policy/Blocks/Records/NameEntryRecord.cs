using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A DNS name and its addresses.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct NameEntryRecord
{
    public NameRef Host;

    /// <summary>Into the block's prefixes, each a whole address.</summary>
    public Run Addresses;
    public Text Registry;
    public Text ShortName;
    public Text Namespace;
}
