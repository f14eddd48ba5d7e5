using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A key and its value (metadata).</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PairRecord
{
    public Text Key;
    public Text Value;
}
