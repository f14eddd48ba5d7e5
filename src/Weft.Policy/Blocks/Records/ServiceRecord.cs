using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>A service a cluster stands for.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct ServiceRecord
{
    public Text Host;
    public Text Name;
    public Text Namespace;
}
