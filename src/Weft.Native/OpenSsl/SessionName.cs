using System;

namespace Weft.Native.OpenSsl;

/// <summary>A few bytes kept from connection to connection in an array that only grows: most names are short, and an idle session should be small.</summary>
internal struct SessionName
{
    private byte[]? _bytes;
    private int _length;

    public readonly ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public void Set(ReadOnlySpan<byte> bytes)
    {
        if (_bytes is null || _bytes.Length < bytes.Length)
        {
            _bytes = bytes.IsEmpty ? _bytes : new byte[bytes.Length];
        }

        bytes.CopyTo(_bytes);
        _length = bytes.Length;
    }
}
