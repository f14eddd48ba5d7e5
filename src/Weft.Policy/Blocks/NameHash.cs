using System;
using System.Buffers.Binary;

namespace Weft.Policy.Blocks;

/// <summary>
/// 64-bit hash of names, stored in blocks and indexes. Only configuration is ever inserted, so a peer cannot flood a table;
/// it is part of the block format and must not change without <see cref="BlockView.FormatVersion"/>.
/// </summary>
internal static class NameHash
{
    private const ulong K0 = 0xA076_1D64_78BD_642F;
    private const ulong K1 = 0xE703_7ED1_A0B4_28DB;

    public static ulong Of(ReadOnlySpan<byte> name)
    {
        ulong h = K0 ^ (ulong)name.Length;
        ReadOnlySpan<byte> rest = name;
        while (rest.Length >= 8)
        {
            h = Mix(h ^ BinaryPrimitives.ReadUInt64LittleEndian(rest), K1);
            rest = rest[8..];
        }

        ulong tail = 0;
        for (int i = 0; i < rest.Length; i++)
            tail |= (ulong)rest[i] << (8 * i);
        h = Mix(h ^ tail, K0);
        return Mix(h, K1);
    }

    private static ulong Mix(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }
}
