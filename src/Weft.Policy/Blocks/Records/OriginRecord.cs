using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary><see cref="Origin"/> in a block.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OriginRecord
{
    public Text Aspect;
    public Text Kind;
    public Text Namespace;
    public Text Name;
    public Text FieldPath;
}
