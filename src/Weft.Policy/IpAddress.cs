using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Weft.Policy;

/// <summary>An IPv4 or IPv6 address as 16 blittable bytes in network order; IPv4 is held IPv4-mapped (RFC 4291 §2.5.5.2), so there is one key space.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct IpAddress
{
    private const ulong MappedPrefix = 0xFFFF_0000_0000UL;

    private readonly ulong _high;
    private readonly ulong _low;

    private IpAddress(ulong high, ulong low)
    {
        _high = high;
        _low = low;
    }

    /// <summary>0.0.0.0.</summary>
    public static IpAddress AnyV4 => FromV4(0);

    /// <summary>127.0.0.1.</summary>
    public static IpAddress LoopbackV4 => FromV4(0x7F00_0001);

    public bool IsV4 => _high == 0 && _low >> 32 == 0xFFFF;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsAny => _high == 0 && (_low == 0 || _low == MappedPrefix);

    public bool IsLoopback => IsV4 ? (uint)_low >> 24 == 127 : _high == 0 && _low == 1;

    /// <summary>The four bytes as a host-order integer; only meaningful when <see cref="IsV4"/>.</summary>
    public uint V4 => (uint)_low;

    /// <summary>The upper and lower halves, for hashing.</summary>
    public (ulong High, ulong Low) Halves => (_high, _low);

    /// <param name="hostOrder">127.0.0.1 is 0x7F000001.</param>
    public static IpAddress FromV4(uint hostOrder) => new(0, MappedPrefix | hostOrder);

    /// <param name="networkOrder">16 bytes as on the wire.</param>
    public static IpAddress FromV6(ReadOnlySpan<byte> networkOrder)
        => new(BinaryPrimitives.ReadUInt64BigEndian(networkOrder), BinaryPrimitives.ReadUInt64BigEndian(networkOrder[8..]));

    public static bool TryParse([NotNullWhen(true)] string? text, out IpAddress address)
    {
        address = default;
        if (!IPAddress.TryParse(text, out IPAddress? parsed))
            return false;
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        address = parsed.AddressFamily == AddressFamily.InterNetwork
            ? FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : FromV6(bytes);
        return true;
    }

    /// <summary>Parses or throws <see cref="FormatException"/>: for configuration and tests, never for what a peer sent.</summary>
    public static IpAddress Parse(string text)
        => TryParse(text, out IpAddress address) ? address : throw new FormatException($"'{text}' is not an IP address");

    /// <summary>True when the first <paramref name="prefixLength"/> bits (counted in the address's own family) are equal.</summary>
    public bool IsIn(IpAddress network, int prefixLength)
    {
        if (IsV4 != network.IsV4)
            return false;
        int bits = IsV4 ? prefixLength + 96 : prefixLength;
        ulong highMask = bits >= 64 ? ulong.MaxValue : bits == 0 ? 0 : ulong.MaxValue << (64 - bits);
        int lowBits = bits - 64;
        ulong lowMask = lowBits <= 0 ? 0 : lowBits >= 64 ? ulong.MaxValue : ulong.MaxValue << (64 - lowBits);
        return ((_high ^ network._high) & highMask) == 0 && ((_low ^ network._low) & lowMask) == 0;
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return (IsV4 ? new IPAddress(bytes[12..]) : new IPAddress(bytes)).ToString();
    }
}
