using System;

namespace Weft.Http.Http1;

/// <summary>
/// The size line of a chunk (RFC 9112 §7.1): hexadecimal digits, then extensions that are checked to the letter and thrown away.
/// No white space anywhere: what one peer skips another reads as size or end (CVE-2025-55315, attacks T08, T09).
/// </summary>
internal static class ChunkLine
{
    /// <summary>16 digits hold any 64-bit size; a 17th is an attack on somebody's overflow.</summary>
    private const int MaxDigits = 16;

    public static Http1Fault Read(ReadOnlySpan<byte> line, out long size, out int extensionBytes)
    {
        size = 0;
        extensionBytes = 0;
        int digits = 0;
        ulong value = 0;
        for (; digits < line.Length; digits++)
        {
            int nibble = HttpSyntax.HexValue(line[digits]);
            if (nibble < 0) break;
            if (digits == MaxDigits) return Http1Fault.InvalidChunkSize;
            value = (value << 4) | (uint)nibble;
        }

        if (digits == 0 || value > long.MaxValue) return Http1Fault.InvalidChunkSize;
        if (digits < line.Length && line[digits] != ';') return Http1Fault.InvalidChunkSize;
        size = (long)value;
        extensionBytes = line.Length - digits;
        return AreExtensions(line[digits..]) ? Http1Fault.None : Http1Fault.InvalidChunkExtension;
    }

    /// <summary>*( ";" token [ "=" ( token / quoted-string ) ] )</summary>
    private static bool AreExtensions(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            if (rest[0] != ';' || !TrySkipToken(ref rest, 1)) return false;
            if (rest.IsEmpty || rest[0] != '=') continue;
            if (rest.Length > 1 && rest[1] == '"' ? !TrySkipQuoted(ref rest) : !TrySkipToken(ref rest, 1)) return false;
        }

        return true;
    }

    private static bool TrySkipToken(ref ReadOnlySpan<byte> rest, int from)
    {
        rest = rest[from..];
        int length = rest.IndexOfAnyExcept(HttpSyntax.Token);
        if (length < 0) length = rest.Length;
        rest = rest[length..];
        return length > 0;
    }

    private static bool TrySkipQuoted(ref ReadOnlySpan<byte> rest)
    {
        for (int i = 2; i < rest.Length; i++)
        {
            if (rest[i] == '\\')
            {
                i++;
            }
            else if (rest[i] == '"')
            {
                rest = rest[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
