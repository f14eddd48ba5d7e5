using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>Splits code point ranges into sequences of byte ranges that match exactly their UTF-8 encodings (surrogates excluded).</summary>
internal static class Utf8Ranges
{
    private static readonly int[] LastOfLength = [0x7F, 0x7FF, 0xFFFF, RuneSet.MaxRune];

    public static List<(byte Low, byte High)[]> Of(RuneSet set)
    {
        var sequences = new List<(byte, byte)[]>();
        foreach ((int low, int high) in set.Ranges)
        {
            Split(low, Math.Min(high, 0xD7FF), sequences);
            Split(Math.Max(low, 0xE000), high, sequences);
        }

        return sequences;
    }

    private static void Split(int low, int high, List<(byte, byte)[]> sequences)
    {
        if (low > high)
            return;
        foreach (int last in LastOfLength)
        {
            if (low <= last && high > last)
            {
                Split(low, last, sequences);
                Split(last + 1, high, sequences);
                return;
            }
        }

        // Same length now. Align so that all bytes after the first differing one span their whole range.
        for (int i = 1; i < 4; i++)
        {
            int mask = (1 << (6 * i)) - 1;
            if ((low & ~mask) == (high & ~mask) || high <= 0x7F)
                continue;
            if ((low & mask) != 0)
            {
                Split(low, low | mask, sequences);
                Split((low | mask) + 1, high, sequences);
                return;
            }

            if ((high & mask) != mask)
            {
                Split(low, (high & ~mask) - 1, sequences);
                Split(high & ~mask, high, sequences);
                return;
            }
        }

        Span<byte> a = stackalloc byte[4];
        Span<byte> b = stackalloc byte[4];
        int length = new Rune(low).EncodeToUtf8(a);
        new Rune(high).EncodeToUtf8(b);
        var sequence = new (byte, byte)[length];
        for (int i = 0; i < length; i++)
            sequence[i] = (a[i], b[i]);
        sequences.Add(sequence);
    }
}
