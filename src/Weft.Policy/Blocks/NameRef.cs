using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>The name of another resource with its hash, so that the snapshot finds it without reading the text first.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct NameRef(ulong Hash, Text Text)
{
    public bool IsEmpty => Text.IsEmpty;
}
