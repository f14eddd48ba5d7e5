using System;
using System.Buffers.Binary;
using Weft.Native.Linux;
using Weft.Policy;

namespace Weft.Proxy.Pool;

/// <summary>Between the addresses of policy (as configuration writes them) and those of the kernel.</summary>
internal static class Endpoints
{
    public static IpEndpoint ToNative(in IpPort address)
    {
        if (address.Address.IsV4) return IpEndpoint.IPv4(address.Address.V4, address.Port);
        Span<byte> bytes = stackalloc byte[16];
        var (high, low) = address.Address.Halves;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return IpEndpoint.IPv6(bytes, address.Port);
    }

    public static IpPort ToPolicy(in IpEndpoint endpoint)
    {
        if (endpoint.IsIPv4) return new IpPort(IpAddress.FromV4(endpoint.IPv4Bits), endpoint.Port);
        Span<byte> bytes = stackalloc byte[16];
        var (high, low) = endpoint.Bits;
        BinaryPrimitives.WriteUInt64BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], low);
        return new IpPort(IpAddress.FromV6(bytes), endpoint.Port);
    }
}
