using System;
using Weft.Policy.Blocks;

namespace Weft.Proxy.Downstream;

/// <summary>Writes who asked for a thing as <c>Kind/namespace/name:field</c>: its first origin, the one with an aspect if there is one. No allocation.</summary>
internal static class OriginText
{
    public static ReadOnlySpan<byte> Write(BlockView block, Run origins, Span<byte> room)
    {
        var records = block.OriginRecords(origins);
        if (records.IsEmpty) return default;
        ref readonly var origin = ref records[0];
        int length = 0;
        Append(room, ref length, block.Utf8(origin.Kind));
        Append(room, ref length, "/"u8);
        Append(room, ref length, block.Utf8(origin.Namespace));
        Append(room, ref length, "/"u8);
        Append(room, ref length, block.Utf8(origin.Name));
        var field = block.Utf8(origin.FieldPath);
        if (!field.IsEmpty)
        {
            Append(room, ref length, ":"u8);
            Append(room, ref length, field);
        }
        return room[..length];
    }

    private static void Append(Span<byte> room, ref int length, ReadOnlySpan<byte> text)
    {
        int take = Math.Min(text.Length, room.Length - length);
        text[..take].CopyTo(room[length..]);
        length += take;
    }
}
