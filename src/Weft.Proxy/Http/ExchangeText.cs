using System;

namespace Weft.Proxy.Http;

/// <summary>
/// What the log will want to say of a request, copied out of its head because that is gone by then. Fixed room: a longer text is cut there,
/// which the log does anyway. A field of its owner.
/// </summary>
internal struct ExchangeText()
{
    private const int Room = 4096;
    private readonly byte[] _bytes = new byte[Room];
    private int _used;

    public void Clear() => _used = 0;

    public Slice Add(scoped ReadOnlySpan<byte> text, int most = 1024)
    {
        int length = Math.Min(Math.Min(text.Length, most), Room - _used);
        text[..length].CopyTo(_bytes.AsSpan(_used));
        var slice = new Slice((ushort)_used, (ushort)length);
        _used += length;
        return slice;
    }

    public readonly ReadOnlySpan<byte> this[Slice slice] => _bytes.AsSpan(slice.Start, slice.Length);

    public readonly record struct Slice(ushort Start, ushort Length)
    {
        public bool IsEmpty => Length == 0;
    }
}
