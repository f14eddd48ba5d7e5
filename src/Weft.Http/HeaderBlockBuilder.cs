using System;
using System.Buffers;
using System.Collections.Generic;
using System.Text;

namespace Weft.Http;

/// <summary>
/// Makes a <see cref="HeaderBlock"/> from text: for <c>weft explain</c>, for tests, for anything that has no wire bytes. Off the hot path; allocates.
/// </summary>
public sealed class HeaderBlockBuilder
{
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<HeaderField> _fields = [];
    private HeaderField[]? _built;
    private ulong _present;

    /// <exception cref="ArgumentException">The name is no token or the value holds a control character.</exception>
    public HeaderBlockBuilder Add(string name, string value)
    {
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        byte[] valueBytes = Encoding.UTF8.GetBytes(value);
        if (!HttpSyntax.IsToken(nameBytes) || nameBytes.Length > ushort.MaxValue) throw new ArgumentException($"'{name}' is not a header name (RFC 9110 §5.1).", nameof(name));
        if (valueBytes.AsSpan().ContainsAny(HttpSyntax.ControlExceptTab)) throw new ArgumentException($"The value of {name} holds a control character.", nameof(value));
        int start = _bytes.WrittenCount;
        _bytes.Write(nameBytes);
        _bytes.Write(": "u8);
        int valueStart = _bytes.WrittenCount;
        _bytes.Write(valueBytes);
        _bytes.Write("\r\n"u8);
        KnownHeader known = KnownHeaders.Recognize(nameBytes);
        _present |= 1UL << (int)known;
        _fields.Add(new HeaderField { NameStart = start, NameLength = (ushort)nameBytes.Length, ValueStart = valueStart, ValueLength = valueBytes.Length, Known = known, Flags = HeaderFlags.Plain });
        return this;
    }

    /// <summary>A view of what was added; drops made on it do not reach the builder.</summary>
    public HeaderBlock Build()
    {
        _built = [.. _fields];
        return new HeaderBlock(_bytes.WrittenSpan, _built, _present);
    }
}
