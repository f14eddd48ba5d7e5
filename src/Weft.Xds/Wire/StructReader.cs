using System;
using System.Text.Unicode;

namespace Weft.Xds.Wire;

/// <summary>
/// google.protobuf.Struct: fields = 1, a map to Value{null_value=1, number_value=2, string_value=3, bool_value=4, struct_value=5, list_value=6}.
/// </summary>
internal ref struct StructReader
{
    private const int MaxDepth = 32;
    private WireReader _fields;

    public StructReader(ReadOnlySpan<byte> bytes) => _fields = new WireReader(bytes);

    /// <summary>The next entry; a number, a boolean and a null read as empty text.</summary>
    public bool TryRead(out ReadOnlySpan<byte> key, out StructValue value)
    {
        key = default;
        value = default;
        while (_fields.TryRead(out var field))
        {
            if (field.Number != 1 || field.Type != WireType.LengthDelimited) continue;
            MapEntry.Read(field.Bytes, out key, out var bytes, out var isMalformed);
            if (isMalformed) continue;
            value = StructValue.Read(bytes);
            return true;
        }

        return false;
    }

    public static bool IsWellFormed(ReadOnlySpan<byte> bytes) => IsStruct(bytes, 0);

    private static bool IsStruct(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MaxDepth) return false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 1 || field.Type != WireType.LengthDelimited) return false;
            MapEntry.Read(field.Bytes, out var key, out var value, out var isMalformed);
            if (isMalformed || !Utf8.IsValid(key) || !IsValue(value, depth + 1)) return false;
        }

        return !reader.IsMalformed;
    }

    private static bool IsValue(ReadOnlySpan<byte> bytes, int depth)
    {
        if (depth > MaxDepth) return false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            var isGood = (field.Number, field.Type) switch
            {
                (1, WireType.Varint) or (4, WireType.Varint) or (2, WireType.Fixed64) => true,
                (3, WireType.LengthDelimited) => Utf8.IsValid(field.Bytes),
                (5, WireType.LengthDelimited) => IsStruct(field.Bytes, depth + 1),
                (6, WireType.LengthDelimited) => IsList(field.Bytes, depth + 1),
                _ => false,
            };
            if (!isGood) return false;
        }

        return !reader.IsMalformed;
    }

    private static bool IsList(ReadOnlySpan<byte> bytes, int depth)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 1 || field.Type != WireType.LengthDelimited || !IsValue(field.Bytes, depth + 1)) return false;
        }

        return !reader.IsMalformed;
    }
}
