using System;
using System.Buffers;

namespace Weft.Telemetry.Tracing;

/// <summary>
/// A <c>traceparent</c> header (W3C Trace Context §3.2), read for logs. The header itself passes through as it came; one that is malformed
/// passes too, and is nobody's trace here.
/// </summary>
public readonly ref struct TraceParent
{
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);

    private TraceParent(ReadOnlySpan<byte> value)
    {
        TraceId = value.Slice(3, 32);
        ParentId = value.Slice(36, 16);
        IsSampled = (value[54] & 1) != 0 ^ value[54] > '9';
    }

    /// <summary>32 hexadecimal digits.</summary>
    public ReadOnlySpan<byte> TraceId { get; }

    /// <summary>16 hexadecimal digits.</summary>
    public ReadOnlySpan<byte> ParentId { get; }

    public bool IsSampled { get; }

    public static bool TryParse(ReadOnlySpan<byte> value, out TraceParent parent)
    {
        parent = default;
        // Later versions may add fields after the flags; version ff is forbidden.
        if (value.Length < 55 || (value.Length > 55 && (value[55] != '-' || value.StartsWith("00"u8)))) return false;
        if (value[2] != '-' || value[35] != '-' || value[52] != '-' || value.StartsWith("ff"u8)) return false;
        if (!IsHex(value[..2]) || !IsHex(value.Slice(3, 32)) || !IsHex(value.Slice(36, 16)) || !IsHex(value.Slice(53, 2))) return false;
        if (IsZero(value.Slice(3, 32)) || IsZero(value.Slice(36, 16))) return false;
        parent = new TraceParent(value);
        return true;
    }

    private static bool IsHex(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept(LowerHex);

    private static bool IsZero(ReadOnlySpan<byte> text) => !text.ContainsAnyExcept((byte)'0');
}
