using System;
using System.Buffers.Binary;
using System.Text;

namespace Weft.Xds.Delta;

/// <summary>
/// A resource's version as 17 bytes without a heap object, because a proxy holds one per resource: 32 hexadecimal digits (weftd's) or up to
/// 15 bytes of anything. Longer ones are not remembered, so such a resource is sent again after a reconnect, which is only slower.
/// </summary>
internal readonly record struct ResourceVersion
{
    private readonly UInt128 _value;
    private readonly byte _form;

    private ResourceVersion(UInt128 value, byte form)
    {
        _value = value;
        _form = form;
    }

    public bool IsKnown => _form != 0;

    public static ResourceVersion From(string text)
    {
        if (text.Length == 32 && IsLowerHex(text)) return new ResourceVersion(UInt128.Parse(text, System.Globalization.NumberStyles.AllowHexSpecifier, null), 32);
        if (text.Length == 0 || Encoding.UTF8.GetByteCount(text) > 15) return default;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        var length = Encoding.UTF8.GetBytes(text, bytes);
        return new ResourceVersion(BinaryPrimitives.ReadUInt128BigEndian(bytes), (byte)length);
    }

    public override string ToString()
    {
        if (!IsKnown) return "";
        if (_form == 32) return _value.ToString("x32", null);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return Encoding.UTF8.GetString(bytes[.._form]);
    }

    private static bool IsLowerHex(string text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiHexDigitLower(c)) return false;
        }

        return true;
    }
}
