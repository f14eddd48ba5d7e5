using System;
using System.Text;
using Weft.Http.Sniff;

namespace Weft.Http.Tests.Sniff;

public sealed class ProtocolSnifferTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\n", SniffedProtocol.Http1)]
    [InlineData("POST /a HTTP/1.0\r\n", SniffedProtocol.Http1)]
    [InlineData("GET / HTTP/1.1\n", SniffedProtocol.Http1)]
    [InlineData("PROPFIND /x HTTP/1.1\r\n", SniffedProtocol.Http1)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", SniffedProtocol.Http2)]
    [InlineData("GET key\r\n", SniffedProtocol.Other)]
    [InlineData("*1\r\n$4\r\nPING\r\n", SniffedProtocol.Other)]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", SniffedProtocol.Other)]
    [InlineData("EHLO a.example\r\n", SniffedProtocol.Other)]
    [InlineData("get / HTTP/1.1\r\n", SniffedProtocol.Other)]
    [InlineData("\u0016\u0003\u0001", SniffedProtocol.Tls)]
    [InlineData("\u0016\u0002", SniffedProtocol.Other)]
    [InlineData("\0\0\0\u0008", SniffedProtocol.Other)]
    [InlineData("GET / HTT", SniffedProtocol.NeedMore)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r", SniffedProtocol.NeedMore)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n", SniffedProtocol.Http1)]
    public void Push_FirstBytes_WholeAndByteByByte_AreTheSame(string text, SniffedProtocol expected)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        var atOnce = new ProtocolSniffer();
        Assert.Equal(expected, atOnce.Push(bytes));

        var drip = new ProtocolSniffer();
        SniffedProtocol part = SniffedProtocol.NeedMore;
        for (int length = 1; length <= bytes.Length && part == SniffedProtocol.NeedMore; length++) part = drip.Push(bytes.AsSpan(0, length));
        Assert.Equal(expected, part);
    }

    [Theory]
    [InlineData("GET /", SniffedProtocol.Http1)]
    [InlineData("GET k", SniffedProtocol.Other)]
    public void Push_EndlessFirstLine_IsDecidedAtTheLimit(string start, SniffedProtocol expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(start + new string('a', ProtocolSniffer.MaxFirstLineBytes));
        var sniffer = new ProtocolSniffer();
        Assert.Equal(SniffedProtocol.NeedMore, sniffer.Push(bytes.AsSpan(0, ProtocolSniffer.MaxFirstLineBytes - 1)));
        Assert.Equal(expected, sniffer.Push(bytes));
    }

    [Fact]
    public void Push_Nothing_NeedsMore() => Assert.Equal(SniffedProtocol.NeedMore, new ProtocolSniffer().Push([]));
}
