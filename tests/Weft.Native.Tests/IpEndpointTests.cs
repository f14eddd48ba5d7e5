using System;
using System.Net;
using System.Text;
using CsCheck;
using Weft.Native.Linux;

namespace Weft.Native.Tests;

public class IpEndpointTests
{
    [Theory]
    [InlineData("10.0.0.1:80")]
    [InlineData("255.255.255.255:65535")]
    [InlineData("127.0.0.1:0")]
    [InlineData("[::1]:15006")]
    [InlineData("[2001:db8::1]:443")]
    public void Parse_ThenFormat_IsTheSameText(string text)
    {
        Assert.True(IpEndpoint.TryParse(text, out IpEndpoint endpoint));
        Assert.Equal(text, endpoint.ToString());
    }

    [Fact]
    public void SocketAddress_RoundTrip_KeepsEverything()
    {
        Gen.Select(Gen.UInt, Gen.Int[0, 65535], Gen.Byte.Array[16], Gen.Bool).Sample((v4, port, v6, isV6) =>
        {
            IpEndpoint endpoint = isV6 ? IpEndpoint.IPv6(v6, port, 3) : IpEndpoint.IPv4(v4, port);
            Span<byte> wire = stackalloc byte[IpEndpoint.SocketAddressSize];
            int length = endpoint.WriteSocketAddress(wire);
            Assert.Equal(endpoint, IpEndpoint.FromSocketAddress(wire[..length]));
            Assert.Equal(endpoint, IpEndpoint.From(endpoint.ToIPAddress(), endpoint.Port));
        });
    }

    [Fact]
    public void IPv4_MappedIntoIPv6_HasOneForm()
    {
        IpEndpoint mapped = IpEndpoint.IPv6(IPAddress.Parse("::ffff:10.1.2.3").GetAddressBytes(), 80);

        Assert.True(mapped.IsIPv4);
        Assert.Equal(IpEndpoint.IPv4(0x0A010203, 80), mapped);
    }

    [Fact]
    public void TryFormat_AnyTooShortDestination_SaysSo()
    {
        IpEndpoint endpoint = IpEndpoint.IPv4(0xC0A8FE64, 15006);
        byte[] whole = Encoding.ASCII.GetBytes(endpoint.ToString());
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(endpoint.TryFormat(new byte[length], out _));
        }

        Assert.True(endpoint.TryFormat(new byte[whole.Length], out int written));
        Assert.Equal(whole.Length, written);
    }
}
