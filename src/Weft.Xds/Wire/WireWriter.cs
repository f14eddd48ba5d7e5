using System;
using System.Buffers;
using System.Text;

namespace Weft.Xds.Wire;

/// <summary>Writes a message field by field; proto3: what has its default value is not written, except where a method says so.</summary>
internal sealed class WireWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    public void Text(int number, string value)
    {
        if (value.Length == 0) return;
        Bytes(number, Encoding.UTF8.GetBytes(value));
    }

    /// <summary>An element of a repeated field: written even when empty.</summary>
    public void Bytes(int number, ReadOnlySpan<byte> value)
    {
        Varint(((ulong)number << 3) | (byte)WireType.LengthDelimited);
        Varint((ulong)value.Length);
        _buffer.Write(value);
    }

    public void Int32(int number, int value)
    {
        if (value == 0) return;
        Varint(((ulong)number << 3) | (byte)WireType.Varint);
        Varint((ulong)value);
    }

    /// <summary>An entry of map&lt;string, string&gt;.</summary>
    public void Entry(int number, string key, string value)
    {
        var entry = new WireWriter();
        entry.Text(1, key);
        entry.Text(2, value);
        Bytes(number, entry._buffer.WrittenSpan);
    }

    public void Message(int number, WireWriter message) => Bytes(number, message._buffer.WrittenSpan);

    private void Varint(ulong value)
    {
        var span = _buffer.GetSpan(10);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        _buffer.Advance(length);
    }
}
