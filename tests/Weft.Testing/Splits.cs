using System;
using System.Collections.Generic;

namespace Weft.Testing;

/// <summary>
/// Ways in which the same bytes may arrive. Every parser case runs through all of them, as h11's tests do: whole, byte by byte, and cut in two
/// at every place.
/// </summary>
public static class Splits
{
    /// <summary>Lengths of the pieces, in order. Quadratic in the length: meant for inputs of a few hundred bytes.</summary>
    public static IEnumerable<int[]> Of(int length)
    {
        yield return [length];
        if (length < 2) yield break;
        yield return ByteByByte(length);
        for (int first = 1; first < length; first++) yield return [first, length - first];
    }

    /// <summary>For longer inputs: whole, byte by byte, and <paramref name="count"/> two-way cuts spread evenly, those near both ends included.</summary>
    public static IEnumerable<int[]> Sample(int length, int count)
    {
        if (length <= count)
        {
            foreach (int[] pieces in Of(length)) yield return pieces;
            yield break;
        }

        yield return [length];
        yield return ByteByByte(length);
        for (int i = 0; i < count; i++)
        {
            int first = 1 + (int)((long)i * (length - 2) / Math.Max(1, count - 1));
            yield return [first, length - first];
        }
    }

    public static int[] ByteByByte(int length)
    {
        var pieces = new int[length];
        Array.Fill(pieces, 1);
        return pieces;
    }
}
