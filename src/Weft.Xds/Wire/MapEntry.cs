using System;

namespace Weft.Xds.Wire;

/// <summary>An entry of a map with text keys and length-delimited values: key is field 1, value field 2.</summary>
internal static class MapEntry
{
    public static void Read(ReadOnlySpan<byte> entry, out ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value, out bool isMalformed)
    {
        key = value = default;
        isMalformed = false;
        var reader = new WireReader(entry);
        while (reader.TryRead(out var field))
        {
            if (field.Type != WireType.LengthDelimited || field.Number is not (1 or 2)) isMalformed = true;
            else if (field.Number == 1) key = field.Bytes;
            else value = field.Bytes;
        }

        isMalformed |= reader.IsMalformed;
    }
}
