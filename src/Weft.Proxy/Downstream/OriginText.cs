using System;
using Weft.Policy.Blocks;

namespace Weft.Proxy.Downstream;

/// <summary>Writes who asked for a thing as <c>Kind/namespace/name:field</c>: the origin of the aspect asked for if there is one, else the first. No allocation.</summary>
internal static class OriginText
{
    public static ReadOnlySpan<byte> Write(BlockView block, Run origins, Span<byte> room, ReadOnlySpan<byte> aspect = default)
    {
        var records = block.OriginRecords(origins);
        if (records.IsEmpty) return default;
        int chosen = 0;
        for (int i = 0; i < records.Length && !aspect.IsEmpty; i++)
        {
            if (block.Utf8(records[i].Aspect).SequenceEqual(aspect)) chosen = i;
        }
        ref readonly var origin = ref records[chosen];
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
