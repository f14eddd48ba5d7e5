using System;

namespace Weft.Xds.Wire;

/// <summary>Reads a message's fields in wire order. Pure, allocates nothing and never throws: bytes that are not a message end it with <see cref="IsMalformed"/>.</summary>
internal ref struct WireReader
{
    private const int MaxFieldNumber = 536_870_911;
    private ReadOnlySpan<byte> _rest;

    public WireReader(ReadOnlySpan<byte> message) => _rest = message;

    /// <summary>True once <see cref="TryRead"/> has met bytes that no encoder writes.</summary>
    public bool IsMalformed { get; private set; }

    /// <summary>False at the end, and when the rest is malformed.</summary>
    public bool TryRead(out WireField field)
    {
        field = default;
        if (_rest.IsEmpty || IsMalformed) return false;
        if (!TryReadVarint(out var tag)) return Malformed();
        var number = tag >> 3;
        if (number is 0 or > MaxFieldNumber) return Malformed();
        switch ((WireType)(tag & 7))
        {
            case WireType.Varint:
                if (!TryReadVarint(out var value)) return Malformed();
                field = new WireField((int)number, WireType.Varint, value, default);
                return true;
            case WireType.LengthDelimited:
                if (!TryReadVarint(out var length) || length > (ulong)_rest.Length) return Malformed();
                field = new WireField((int)number, WireType.LengthDelimited, 0, _rest[..(int)length]);
                _rest = _rest[(int)length..];
                return true;
            case WireType.Fixed32:
                if (_rest.Length < 4) return Malformed();
                field = new WireField((int)number, WireType.Fixed32, BitConverter.ToUInt32(_rest), default);
                _rest = _rest[4..];
                return true;
            case WireType.Fixed64:
                if (_rest.Length < 8) return Malformed();
                field = new WireField((int)number, WireType.Fixed64, BitConverter.ToUInt64(_rest), default);
                _rest = _rest[8..];
                return true;
            default:
                return Malformed();
        }
    }

    /// <summary>Reads the elements of a packed repeated varint field.</summary>
    public bool TryReadPacked(out ulong value)
    {
        value = 0;
        if (_rest.IsEmpty || IsMalformed) return false;
        return TryReadVarint(out value) || Malformed();
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < 10 && i < _rest.Length; i++)
        {
            var octet = _rest[i];
            // The tenth octet carries the 64th bit only.
            if (i == 9 && octet > 1) return false;
            value |= (ulong)(octet & 0x7f) << (7 * i);
            if (octet >= 0x80) continue;
            _rest = _rest[(i + 1)..];
            return true;
        }

        return false;
    }

    private bool Malformed()
    {
        IsMalformed = true;
        return false;
    }
}
