using System;
using System.Buffers;
using System.Text;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Policy.Model;

namespace Weft.Proxy.Http;

/// <summary>
/// The changes to one head on its way through: drops mark lines of the received block, additions wait here and are written behind it. One for a loop,
/// cleared for each head; holds names and values in one buffer, so that it allocates nothing once that has grown. Bounded: an addition that does not
/// fit is refused and counted by <see cref="HasOverflowed"/>.
/// </summary>
internal sealed class HeaderEdits
{
    private const int MostBytes = 32 * 1024;
    private static readonly SearchValues<byte> Unsafe = SearchValues.Create("\r\n\0"u8);
    private readonly byte[] _bytes = new byte[MostBytes];
    private Line[] _lines = new Line[32];
    private int _count;
    private int _used;

    /// <summary>True if something did not fit; the head must then not be sent.</summary>
    public bool HasOverflowed { get; private set; }

    public void Clear()
    {
        _count = 0;
        _used = 0;
        HasOverflowed = false;
    }

    public bool Has(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (!_lines[i].IsDropped && Ascii.EqualsIgnoreCase(Name(i), name)) return true;
        }
        return false;
    }

    /// <summary>Value of the first added line of that name; empty if there is none.</summary>
    public ReadOnlySpan<byte> Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < _count; i++)
        {
            if (!_lines[i].IsDropped && Ascii.EqualsIgnoreCase(Name(i), name)) return Value(i);
        }
        return default;
    }

    /// <summary>Drops every line of that name, received or added.</summary>
    public void Remove(scoped in HeaderBlock headers, ReadOnlySpan<byte> name)
    {
        headers.Drop(name);
        for (int i = 0; i < _count; i++)
        {
            if (Ascii.EqualsIgnoreCase(Name(i), name)) _lines[i].IsDropped = true;
        }
    }

    /// <summary>Adds a line. CR, LF and NUL in a value end it there: what was received is checked, but values are put together here (CVE-2023-27493).</summary>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        int bad = value.IndexOfAny(Unsafe);
        if (bad >= 0) value = value[..bad];
        if (_used + name.Length + value.Length > MostBytes)
        {
            HasOverflowed = true;
            return;
        }
        if (_count == _lines.Length) Array.Resize(ref _lines, _count * 2);
        name.CopyTo(_bytes.AsSpan(_used));
        value.CopyTo(_bytes.AsSpan(_used + name.Length));
        _lines[_count++] = new Line { Start = _used, NameLength = name.Length, ValueLength = value.Length };
        _used += name.Length + value.Length;
    }

    public void Set(scoped in HeaderBlock headers, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Remove(headers, name);
        Add(name, value);
    }

    /// <summary>One operation of HeaderValueOption (xds.md C.2).</summary>
    public void Apply(scoped in HeaderBlock headers, HeaderAppendAction action, bool keepEmptyValue, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty && !keepEmptyValue) return;
        bool exists = headers.Find(name) >= 0 || Has(name);
        switch (action)
        {
            case HeaderAppendAction.AddIfAbsent when exists:
            case HeaderAppendAction.OverwriteIfExists when !exists:
                return;
            case HeaderAppendAction.OverwriteIfExistsOrAdd:
            case HeaderAppendAction.OverwriteIfExists:
                Set(headers, name, value);
                return;
            default:
                Add(name, value);
                return;
        }
    }

    /// <summary>Writes the added lines.</summary>
    public void WriteTo(ref Http1HeadWriter writer)
    {
        for (int i = 0; i < _count; i++)
        {
            if (!_lines[i].IsDropped) writer.Field(Name(i), Value(i));
        }
    }

    private ReadOnlySpan<byte> Name(int index) => _bytes.AsSpan(_lines[index].Start, _lines[index].NameLength);
    private ReadOnlySpan<byte> Value(int index) => _bytes.AsSpan(_lines[index].Start + _lines[index].NameLength, _lines[index].ValueLength);

    private struct Line
    {
        public int Start;
        public int NameLength;
        public int ValueLength;
        public bool IsDropped;
    }
}
