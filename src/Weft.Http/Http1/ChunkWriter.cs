using System;
using System.Numerics;

namespace Weft.Http.Http1;

/// <summary>
/// Chunk framing on the way out (RFC 9112 §7.1). Data between <see cref="Begin"/> and <see cref="ChunkEnd"/> goes out uncopied; one size line
/// for each slice. No extensions are ever written.
/// </summary>
public static class ChunkWriter
{
    /// <summary>Room that <see cref="Begin"/> needs at most: eight hexadecimal digits and a line end.</summary>
    public const int MaxBeginBytes = 10;

    /// <summary>After the data of each chunk.</summary>
    public static ReadOnlySpan<byte> ChunkEnd => "\r\n"u8;

    /// <summary>The last chunk and an empty trailer section.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>The last chunk alone: trailers and an empty line follow.</summary>
    public static ReadOnlySpan<byte> LastChunkBeforeTrailers => "0\r\n"u8;

    /// <summary>Writes the size line for <paramref name="length"/> bytes of data; returns its length. The room must be <see cref="MaxBeginBytes"/>.</summary>
    /// <param name="destination">Where to write.</param>
    /// <param name="length">Above zero: a zero would end the body.</param>
    public static int Begin(Span<byte> destination, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        int digits = (35 - BitOperations.LeadingZeroCount((uint)length)) / 4;
        for (int i = digits - 1; i >= 0; i--)
        {
            destination[i] = "0123456789abcdef"u8[length & 0xF];
            length >>= 4;
        }

        destination[digits] = (byte)'\r';
        destination[digits + 1] = (byte)'\n';
        return digits + 2;
    }
}
