using System;
using System.Numerics;
using System.Text;

namespace Weft.Telemetry;

/// <summary>The short words of <see cref="ResponseFlags"/>, joined with commas; "-" for none.</summary>
public static class ResponseFlagWords
{
    /// <summary>Room that any combination needs at most.</summary>
    public const int MaxLength = 128;

    private static readonly string[] Words =
    [
        "LH", "UH", "UT", "LR", "UR", "UF", "UC", "UO", "NR", "DI", "FI", "RL", "UAEX", "RLSE", "DC", "URX", "SI", "IH", "DPE", "UMSDR",
        "RFCF", "NFCF", "DT", "UPE", "NC", "OM", "DF", "DO", "DR", "UDO",
    ];

    /// <summary>Writes the words; returns their length. No allocation.</summary>
    public static int Write(ResponseFlags flags, Span<byte> destination)
    {
        if (flags == ResponseFlags.None)
        {
            destination[0] = (byte)'-';
            return 1;
        }

        int length = 0;
        for (uint rest = (uint)flags; rest != 0; rest &= rest - 1)
        {
            if (length > 0) destination[length++] = (byte)',';
            length += Encoding.ASCII.GetBytes(Words[BitOperations.TrailingZeroCount(rest)], destination[length..]);
        }

        return length;
    }

    /// <summary>The same as a string, for a metric label seen first.</summary>
    public static string Text(ResponseFlags flags)
    {
        Span<byte> words = stackalloc byte[MaxLength];
        return Encoding.ASCII.GetString(words[..Write(flags, words)]);
    }
}
