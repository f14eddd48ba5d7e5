using System;
using System.Buffers.Binary;

namespace Weft.Http.Sniff;

/// <summary>Reads TLS's length-prefixed vectors (RFC 8446 §3.4). Every read is bounded by what is left.</summary>
internal ref struct TlsReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool IsEmpty => _rest.IsEmpty;

    public bool TrySkip(int count)
    {
        if (_rest.Length < count) return false;
        _rest = _rest[count..];
        return true;
    }

    /// <summary>A 16-bit number.</summary>
    public bool TryReadNumber(out int value)
    {
        value = 0;
        if (_rest.Length < 2) return false;
        value = BinaryPrimitives.ReadUInt16BigEndian(_rest);
        _rest = _rest[2..];
        return true;
    }

    /// <summary>A vector with an 8-bit length.</summary>
    public bool TryRead8(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return !_rest.IsEmpty && TryTake(1, _rest[0], out vector);
    }

    /// <summary>A vector with a 16-bit length.</summary>
    public bool TryRead16(out ReadOnlySpan<byte> vector)
    {
        vector = default;
        return _rest.Length >= 2 && TryTake(2, BinaryPrimitives.ReadUInt16BigEndian(_rest), out vector);
    }

    private bool TryTake(int prefix, int length, out ReadOnlySpan<byte> vector)
    {
        vector = default;
        if (_rest.Length - prefix < length) return false;
        vector = _rest.Slice(prefix, length);
        _rest = _rest[(prefix + length)..];
        return true;
    }
}
