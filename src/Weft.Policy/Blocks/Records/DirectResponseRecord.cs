using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>DirectResponseAction.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct DirectResponseRecord
{
    public int Status;
    public int Reserved;
    public Text Body;
}
