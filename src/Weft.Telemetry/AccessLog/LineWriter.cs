using System;
using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Weft.Telemetry.AccessLog;

/// <summary>
/// Builds one line and lets nothing a peer sent end it, colour it or step out of its quotes (attacks T85): controls, DEL, C1 controls, quotes and
/// backslashes are escaped; bytes that are no UTF-8 are shown as <c>\xHH</c>. In text also every byte above 0x7F, because terminals differ.
/// </summary>
internal ref struct LineWriter
{
    /// <summary>Most output bytes of one value, escapes included. 2 KiB: longer than any honest path; the rest is cut.</summary>
    public const int MaxValueBytes = 2048;

    private static readonly SearchValues<byte> NotPlain = CreateNotPlain();

    private readonly Span<byte> _destination;
    private readonly bool _isJson;
    private int _length;
    private bool _overflowed;

    public LineWriter(Span<byte> destination, bool isJson)
    {
        _destination = destination;
        _isJson = isJson;
    }

    public void Raw(scoped ReadOnlySpan<byte> bytes)
    {
        if (_overflowed || !bytes.TryCopyTo(_destination[_length..])) _overflowed = true;
        else _length += bytes.Length;
    }

    /// <summary>A value as it stands, escaped; "-" when empty. Spaces stay: in text only quoted values may hold any from a peer.</summary>
    public void Word(scoped ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) Raw("-"u8);
        else Escaped(value, MaxValueBytes);
    }

    public void Quoted(scoped ReadOnlySpan<byte> value)
    {
        Raw("\""u8);
        Word(value);
        Raw("\""u8);
    }

    /// <summary>"-" when negative.</summary>
    public void Number(long value)
    {
        if (value < 0)
        {
            Raw("-"u8);
            return;
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out int length);
        Raw(digits[..length]);
    }

    public void Flags(ResponseFlags flags)
    {
        Span<byte> words = stackalloc byte[ResponseFlagWords.MaxLength];
        Raw(words[..ResponseFlagWords.Write(flags, words)]);
    }

    /// <summary><c>2026-01-01T00:00:00.000Z</c></summary>
    public void Timestamp(long unixMicroseconds)
    {
        Span<byte> text = stackalloc byte[24];
        DateTime time = DateTime.UnixEpoch.AddTicks(unixMicroseconds * TimeSpan.TicksPerMicrosecond);
        Digits(text, time.Year, 4);
        text[4] = (byte)'-';
        Digits(text[5..], time.Month, 2);
        text[7] = (byte)'-';
        Digits(text[8..], time.Day, 2);
        text[10] = (byte)'T';
        Digits(text[11..], time.Hour, 2);
        text[13] = (byte)':';
        Digits(text[14..], time.Minute, 2);
        text[16] = (byte)':';
        Digits(text[17..], time.Second, 2);
        text[19] = (byte)'.';
        Digits(text[20..], time.Millisecond, 3);
        text[23] = (byte)'Z';
        Raw(text);
    }

    /// <summary>A JSON member of two joined values; null when both are empty.</summary>
    public void Member(scoped ReadOnlySpan<byte> key, scoped ReadOnlySpan<byte> value, scoped ReadOnlySpan<byte> more = default)
    {
        Key(key);
        if (value.IsEmpty && more.IsEmpty)
        {
            Raw("null"u8);
            return;
        }

        Raw("\""u8);
        Escaped(value, MaxValueBytes);
        Escaped(more, MaxValueBytes);
        Raw("\""u8);
    }

    /// <summary>A JSON number; null when negative.</summary>
    public void Member(scoped ReadOnlySpan<byte> key, long value)
    {
        Key(key);
        if (value < 0) Raw("null"u8);
        else Number(value);
    }

    /// <summary>Ends the line; 0 when it did not fit.</summary>
    public int Finish()
    {
        Raw("\n"u8);
        return _overflowed ? 0 : _length;
    }

    private void Key(scoped ReadOnlySpan<byte> key)
    {
        Raw(",\""u8);
        Raw(key);
        Raw("\":"u8);
    }

    private void Escaped(scoped ReadOnlySpan<byte> value, int most)
    {
        int end = _length + most;
        while (!value.IsEmpty && _length < end)
        {
            int plain = value.IndexOfAny(NotPlain);
            if (plain != 0)
            {
                int take = Math.Min(plain < 0 ? value.Length : plain, end - _length);
                Raw(value[..take]);
                value = value[take..];
            }
            else
            {
                // An escape is at most six bytes, so a value may pass the limit by five.
                value = value[EscapeOne(value)..];
            }

            if (_overflowed) return;
        }
    }

    /// <summary>Writes the first character escaped (or as it is, for harmless UTF-8 in JSON); returns how many bytes it was.</summary>
    private int EscapeOne(scoped ReadOnlySpan<byte> value)
    {
        byte b = value[0];
        if (b is (byte)'"' or (byte)'\\')
        {
            Raw(b == '"' ? "\\\""u8 : "\\\\"u8);
            return 1;
        }

        if (b < 0x80 || !_isJson)
        {
            Hex(b);
            return 1;
        }

        if (Rune.DecodeFromUtf8(value, out Rune rune, out int length) != OperationStatus.Done)
        {
            // A JSON string must be UTF-8: the escape itself is text, with its backslash escaped.
            Raw("\\"u8);
            HexText(b);
            return 1;
        }

        if (IsTricky(rune)) Unicode((ushort)rune.Value);
        else Raw(value[..length]);
        return length;
    }

    /// <summary>C1 controls (0x9B is an ANSI introducer), line separators and what turns the direction of text.</summary>
    private static bool IsTricky(Rune rune) =>
        rune.Value is (>= 0x80 and <= 0x9F) or 0x2028 or 0x2029 or 0xFEFF or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F;

    private void Hex(byte b)
    {
        if (_isJson) Unicode(b);
        else HexText(b);
    }

    private void HexText(byte b) => Raw([(byte)'\\', (byte)'x', Digit(b >> 4), Digit(b)]);

    private void Unicode(ushort unit) => Raw([(byte)'\\', (byte)'u', Digit(unit >> 12), Digit(unit >> 8), Digit(unit >> 4), Digit(unit)]);

    private static byte Digit(int value) => "0123456789abcdef"u8[value & 0xF];

    private static void Digits(Span<byte> destination, int value, int count)
    {
        for (int i = count - 1; i >= 0; i--)
        {
            destination[i] = (byte)('0' + (value % 10));
            value /= 10;
        }
    }

    private static SearchValues<byte> CreateNotPlain()
    {
        Span<byte> set = stackalloc byte[256];
        int n = 0;
        for (int b = 0; b < 256; b++)
        {
            if (b is < 0x20 or >= 0x7F or '"' or '\\') set[n++] = (byte)b;
        }

        return SearchValues.Create(set[..n]);
    }
}
