using System;
using System.Buffers.Text;

namespace Weft.Http.Http1;

/// <summary>
/// Writes one head into a span the caller reserved. Never throws and never writes half a head unnoticed: when the room is short,
/// <see cref="Overflowed"/> is set, further calls do nothing and <see cref="Written"/> must not be used. Values are trusted to be free of
/// control characters: they come from parsed heads or from checked configuration.
/// </summary>
public ref struct Http1HeadWriter
{
    private readonly Span<byte> _destination;
    private int _written;

    public Http1HeadWriter(Span<byte> destination) => _destination = destination;

    public readonly int Written => _written;

    public bool Overflowed { get; private set; }

    /// <summary><c>METHOD path?query HTTP/1.1</c>. The query comes with its mark, or empty.</summary>
    public void RequestLine(scoped ReadOnlySpan<byte> method, scoped ReadOnlySpan<byte> path, scoped ReadOnlySpan<byte> query)
    {
        Span<byte> room = Reserve(method.Length + path.Length + query.Length + 12);
        if (room.IsEmpty) return;
        method.CopyTo(room);
        room[method.Length] = (byte)' ';
        room = room[(method.Length + 1)..];
        path.CopyTo(room);
        query.CopyTo(room[path.Length..]);
        " HTTP/1.1\r\n"u8.CopyTo(room[(path.Length + query.Length)..]);
    }

    /// <summary>Status line with our version; an empty reason takes the registered phrase.</summary>
    public void StatusLine(int status, scoped ReadOnlySpan<byte> reason = default)
    {
        if (reason.IsEmpty) reason = ReasonPhrases.Of(status);
        Span<byte> room = Reserve(15 + reason.Length);
        if (room.IsEmpty) return;
        "HTTP/1.1 "u8.CopyTo(room);
        room[9] = (byte)('0' + (status / 100));
        room[10] = (byte)('0' + (status / 10 % 10));
        room[11] = (byte)('0' + (status % 10));
        room[12] = (byte)' ';
        reason.CopyTo(room[13..]);
        "\r\n"u8.CopyTo(room[(13 + reason.Length)..]);
    }

    public void Field(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        Span<byte> room = Reserve(name.Length + value.Length + 4);
        if (room.IsEmpty) return;
        name.CopyTo(room);
        ": "u8.CopyTo(room[name.Length..]);
        value.CopyTo(room[(name.Length + 2)..]);
        "\r\n"u8.CopyTo(room[(name.Length + value.Length + 2)..]);
    }

    public void Field(scoped ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int length);
        Field(name, digits[..length]);
    }

    /// <summary>All live fields, with order and case as received; neighbours that are already in plain form go in one copy.</summary>
    public void Fields(scoped in HeaderBlock headers)
    {
        int i = 0;
        while (i < headers.Count)
        {
            HeaderFlags flags = headers.Field(i).Flags;
            if ((flags & HeaderFlags.Dropped) != 0)
            {
                i++;
            }
            else if ((flags & HeaderFlags.Plain) == 0)
            {
                Field(headers.Name(i), headers.Value(i));
                i++;
            }
            else
            {
                i = PlainRun(headers, i);
            }
        }
    }

    /// <summary>Framing for the next hop: nothing for a body that ends with the connection or does not exist.</summary>
    /// <remarks>A forwarded Content-Length field is already among the headers: pass <see cref="BodyFraming.None"/> for it.</remarks>
    public void Framing(BodyFraming framing, long contentLength = 0)
    {
        if (framing == BodyFraming.Chunked) Raw("Transfer-Encoding: chunked\r\n"u8);
        else if (framing == BodyFraming.Length) Field("Content-Length"u8, contentLength);
    }

    /// <summary>Bytes that already are whole lines.</summary>
    public void Raw(scoped ReadOnlySpan<byte> lines)
    {
        Span<byte> room = Reserve(lines.Length);
        if (!room.IsEmpty) lines.CopyTo(room);
    }

    /// <summary>The empty line.</summary>
    public void End() => Raw("\r\n"u8);

    private int PlainRun(scoped in HeaderBlock headers, int first)
    {
        int last = first;
        while (last + 1 < headers.Count && headers.Field(last + 1).Flags == HeaderFlags.Plain) last++;
        ref readonly HeaderField end = ref headers.Field(last);
        Raw(headers.Bytes[headers.Field(first).NameStart..(end.ValueStart + end.ValueLength + 2)]);
        return last + 1;
    }

    private Span<byte> Reserve(int bytes)
    {
        if (Overflowed || bytes > _destination.Length - _written)
        {
            Overflowed = true;
            return default;
        }

        Span<byte> room = _destination.Slice(_written, bytes);
        _written += bytes;
        return room;
    }
}
