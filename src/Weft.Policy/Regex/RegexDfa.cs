using System;
using System.Runtime.InteropServices;

namespace Weft.Policy.Regex;

/// <summary>Runs a compiled matcher: one table lookup per byte, no memory, no worst case.</summary>
public static class RegexDfa
{
    /// <summary>Whether the whole input matches. An empty image (no regular expression) matches nothing.</summary>
    public static bool IsMatch(ReadOnlySpan<byte> image, ReadOnlySpan<byte> input)
    {
        if (image.IsEmpty)
            return false;
        ref readonly RegexDfaHeader header = ref MemoryMarshal.AsRef<RegexDfaHeader>(image);
        ReadOnlySpan<byte> classes = image.Slice(RegexDfaHeader.Size, 256);
        ReadOnlySpan<ushort> table = MemoryMarshal.Cast<byte, ushort>(image[(RegexDfaHeader.Size + 256 + header.AcceptBytes)..]);
        int width = header.Classes;
        int state = header.Start;
        foreach (byte b in input)
        {
            state = table[state * width + classes[b]];
            if (state == 0)
                return false;
        }

        return image[RegexDfaHeader.Size + 256 + state] != 0;
    }
}
