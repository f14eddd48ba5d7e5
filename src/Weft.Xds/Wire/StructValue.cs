using System;
using System.Text;

namespace Weft.Xds.Wire;

/// <summary>A google.protobuf.Value as far as metadata needs it.</summary>
internal readonly ref struct StructValue
{
    private StructValue(ReadOnlySpan<byte> text, ReadOnlySpan<byte> structure, ReadOnlySpan<byte> list)
    {
        Utf8 = text;
        Structure = structure;
        List = list;
    }

    /// <summary>string_value, else empty.</summary>
    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>struct_value, else empty.</summary>
    public ReadOnlySpan<byte> Structure { get; }

    /// <summary>list_value: repeated Value in field 1; else empty.</summary>
    public ReadOnlySpan<byte> List { get; }

    public string Text => Encoding.UTF8.GetString(Utf8);

    public static StructValue Read(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> text = default, structure = default, list = default;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 3: text = field.Bytes; break;
                case 5: structure = field.Bytes; break;
                case 6: list = field.Bytes; break;
            }
        }

        return new StructValue(text, structure, list);
    }
}
