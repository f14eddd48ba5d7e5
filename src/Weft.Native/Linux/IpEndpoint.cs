using System;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weft.Native.Linux;

/// <summary>
/// An IP address and a port, as a value: 24 bytes, compared by content. IPv4 is kept as IPv4, also when the kernel handed it over as ::ffff:a.b.c.d,
/// so that one peer has one form. <c>default</c> is "no address" (and what a Unix socket has).
/// </summary>
public readonly record struct IpEndpoint
{
    /// <summary>Room for a sockaddr_in6, the longest we write.</summary>
    public const int SocketAddressSize = 28;

    private const ushort FamilyIPv4 = 2;
    private const ushort FamilyIPv6 = 10;
    private const ulong MappedPrefix = 0xFFFF;

    private readonly ulong _high;
    private readonly ulong _low;
    private readonly uint _scope;
    private readonly ushort _port;
    private readonly ushort _family;

    private IpEndpoint(ulong high, ulong low, ushort port, ushort family, uint scope)
    {
        bool mapped = family == FamilyIPv6 && high == 0 && low >> 32 == MappedPrefix;
        _high = high;
        _low = mapped ? (uint)low : low;
        _family = mapped ? FamilyIPv4 : family;
        _scope = scope;
        _port = port;
    }

    /// <summary>True for <c>default</c>.</summary>
    public bool IsNone => _family == 0;

    /// <summary>True for an IPv4 address.</summary>
    public bool IsIPv4 => _family == FamilyIPv4;

    /// <summary>True for an IPv6 address that is not a mapped IPv4 one.</summary>
    public bool IsIPv6 => _family == FamilyIPv6;

    /// <summary>Port, 0–65535.</summary>
    public int Port => _port;

    /// <summary>The IPv4 address as a number, 127.0.0.1 being 0x7F000001; 0 for others.</summary>
    public uint IPv4Bits => IsIPv4 ? (uint)_low : 0;

    /// <summary>The 128 bits of an IPv6 address in two halves; an IPv4 address in the low 32.</summary>
    public (ulong High, ulong Low) Bits => (_high, _low);

    /// <summary>127.0.0.0/8 or ::1.</summary>
    public bool IsLoopback => IsIPv4 ? _low >> 24 == 127 : IsIPv6 && _high == 0 && _low == 1;

    /// <summary>0.0.0.0 or ::.</summary>
    public bool IsAny => _family != 0 && _high == 0 && _low == 0;

    /// <summary>An IPv4 endpoint from a number such as 0x7F000001.</summary>
    public static IpEndpoint IPv4(uint address, int port) => new(0, address, checked((ushort)port), FamilyIPv4, 0);

    /// <summary>An IPv6 endpoint from its 16 bytes in network order.</summary>
    public static IpEndpoint IPv6(ReadOnlySpan<byte> address, int port, uint scope = 0) => new(
        BinaryPrimitives.ReadUInt64BigEndian(address),
        BinaryPrimitives.ReadUInt64BigEndian(address[8..]),
        checked((ushort)port),
        FamilyIPv6,
        scope);

    /// <summary>From the BCL's types, off the data path.</summary>
    public static IpEndpoint From(IPAddress address, int port)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int written);
        return written == 4
            ? IPv4(BinaryPrimitives.ReadUInt32BigEndian(bytes), port)
            : IPv6(bytes, port, address.AddressFamily == AddressFamily.InterNetworkV6 ? (uint)address.ScopeId : 0);
    }

    /// <summary>Reads "10.0.0.1:80" or "[::1]:80".</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out IpEndpoint endpoint)
    {
        if (IPEndPoint.TryParse(text, out IPEndPoint? parsed))
        {
            endpoint = From(parsed.Address, parsed.Port);
            return true;
        }

        endpoint = default;
        return false;
    }

    /// <summary>The same address with another port.</summary>
    public IpEndpoint WithPort(int port) => new(_high, _low, checked((ushort)port), _family, _scope);

    /// <summary>The address as the BCL has it. Allocates.</summary>
    public IPAddress ToIPAddress()
    {
        if (IsIPv4)
        {
            return new IPAddress(BinaryPrimitives.ReverseEndianness((uint)_low));
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _low);
        return new IPAddress(bytes, _scope);
    }

    /// <summary>Writes "10.0.0.1:80" or "[::1]:80" as UTF-8. False when <paramref name="destination"/> is too short; 56 bytes always do.</summary>
    public bool TryFormat(Span<byte> destination, out int written)
    {
        if (!TryFormatAddress(destination, out written, bracket: true) || destination.Length <= written)
        {
            return false;
        }

        destination[written++] = (byte)':';
        if (!((int)_port).TryFormat(destination[written..], out int digits))
        {
            return false;
        }

        written += digits;
        return true;
    }

    /// <summary>Writes the address without its port as UTF-8.</summary>
    /// <param name="destination">46 bytes always do, 48 with brackets.</param>
    /// <param name="written">Bytes written.</param>
    /// <param name="bracket">Put an IPv6 address into brackets.</param>
    public bool TryFormatAddress(Span<byte> destination, out int written, bool bracket = false)
    {
        written = 0;
        if (!IsIPv4)
        {
            // Rare on the data path until IPv6 interception lands, so it may allocate.
            string text = IsNone ? "-" : bracket ? "[" + ToIPAddress() + "]" : ToIPAddress().ToString();
            return System.Text.Encoding.ASCII.TryGetBytes(text, destination, out written);
        }

        for (int shift = 24; shift >= 0; shift -= 8)
        {
            if (!((byte)(_low >> shift)).TryFormat(destination[written..], out int digits))
            {
                return false;
            }

            written += digits;
            if (shift == 0)
            {
                break;
            }

            if (destination.Length <= written)
            {
                return false;
            }

            destination[written++] = (byte)'.';
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[80];
        return TryFormat(text, out int written) ? System.Text.Encoding.ASCII.GetString(text[..written]) : "-";
    }

    /// <summary>Reads a sockaddr as the kernel writes it; <c>default</c> for families other than IP.</summary>
    internal static IpEndpoint FromSocketAddress(ReadOnlySpan<byte> address)
    {
        ushort family = address.Length >= 2 ? BitConverter.ToUInt16(address) : (ushort)0;
        return family switch
        {
            FamilyIPv4 when address.Length >= 8 =>
                IPv4(BinaryPrimitives.ReadUInt32BigEndian(address[4..]), BinaryPrimitives.ReadUInt16BigEndian(address[2..])),
            FamilyIPv6 when address.Length >= SocketAddressSize =>
                IPv6(address.Slice(8, 16), BinaryPrimitives.ReadUInt16BigEndian(address[2..]), BitConverter.ToUInt32(address[24..])),
            _ => default,
        };
    }

    /// <summary>Writes the sockaddr for a socket of this address's own family.</summary>
    /// <returns>Its length.</returns>
    internal int WriteSocketAddress(Span<byte> destination)
    {
        destination[..SocketAddressSize].Clear();
        BitConverter.TryWriteBytes(destination, _family);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], _port);
        if (IsIPv4)
        {
            BinaryPrimitives.WriteUInt32BigEndian(destination[4..], (uint)_low);
            return 16;
        }

        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _high);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], _low);
        BitConverter.TryWriteBytes(destination[24..], _scope);
        return SocketAddressSize;
    }
}
