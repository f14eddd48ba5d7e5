using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>Where an array starts (bytes from the block's start) and its length in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SectionEntry(int Offset, int ByteLength);
