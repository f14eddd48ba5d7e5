using System;

namespace Weft.Policy;

/// <summary>ASCII case, the only case that host names, header names and our matchers fold.</summary>
internal static class Ascii
{
    public static byte Lower(byte b) => (uint)(b - 'A') <= 'Z' - 'A' ? (byte)(b | 0x20) : b;

    public static void ToLower(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        for (int i = 0; i < source.Length; i++)
            destination[i] = Lower(source[i]);
    }

    /// <summary>True when <paramref name="value"/> equals <paramref name="lower"/>, which is lower-case already.</summary>
    public static bool EqualsLower(ReadOnlySpan<byte> value, ReadOnlySpan<byte> lower)
    {
        if (value.Length != lower.Length)
            return false;
        for (int i = 0; i < value.Length; i++)
        {
            if (Lower(value[i]) != lower[i])
                return false;
        }

        return true;
    }

    public static bool HasUpper(ReadOnlySpan<byte> value) => value.IndexOfAnyInRange((byte)'A', (byte)'Z') >= 0;
}
