using System;
using System.Text;
using Weft.Fuzz;
using Weft.Http.Sniff;

namespace Weft.Http.Tests.Sniff;

public sealed class ClientHelloTests
{
    private readonly byte[] _scratch = new byte[ClientHello.MaxBytes];

    [Fact]
    public void Read_NameAndProtocols_AreFound()
    {
        byte[] hello = Seeds.Hello("outbound_.8080_.v1_.forecast.grid", ["istio", "h2"]);
        Assert.Equal(ClientHelloStatus.Complete, ClientHello.Read(hello, _scratch, out ClientHello read));
        Assert.Equal("outbound_.8080_.v1_.forecast.grid", Encoding.ASCII.GetString(read.ServerName));
        Assert.True(read.Offers("istio"u8));
        Assert.True(read.Offers("h2"u8));
        Assert.False(read.Offers("h"u8));
        Assert.False(read.Offers("http/1.1"u8));
    }

    [Fact]
    public void Read_NeitherNameNorProtocols_IsCompleteAndEmpty()
    {
        Assert.Equal(ClientHelloStatus.Complete, ClientHello.Read(Seeds.Hello("", []), _scratch, out ClientHello read));
        Assert.True(read.ServerName.IsEmpty);
        Assert.False(read.Offers("h2"u8));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(50)]
    [InlineData(9)]
    public void Read_InRecordsOfAnySizeByteByByte_NeedsMoreUntilTheLastByte(int recordSize)
    {
        byte[] hello = Seeds.Fragment(Seeds.Hello("web.grid", ["h2"]), recordSize);
        for (int length = 0; length < hello.Length; length++)
        {
            Assert.Equal(ClientHelloStatus.NeedMore, ClientHello.Read(hello.AsSpan(0, length), _scratch, out _));
        }

        Assert.Equal(ClientHelloStatus.Complete, ClientHello.Read(hello, _scratch, out ClientHello read));
        Assert.Equal("web.grid", Encoding.ASCII.GetString(read.ServerName));
        Assert.True(read.Offers("h2"u8));

        byte[] more = [.. hello, 20, 3, 3, 0, 1, 1];
        Assert.Equal(ClientHelloStatus.Complete, ClientHello.Read(more, _scratch, out _));
    }

    [Fact]
    public void Read_InMoreRecordsThanAnyClientUses_IsTooLarge() =>
        Assert.Equal(ClientHelloStatus.TooLarge, ClientHello.Read(Seeds.Fragment(Seeds.Hello("web.grid", ["h2"]), 1), _scratch, out _));

    [Fact]
    public void Read_AnnouncingMoreThanTheLimit_IsTooLargeAtOnce()
    {
        byte[] start = [22, 3, 1, 0x40, 0, 1, 0, 0x40, 0];
        Assert.Equal(ClientHelloStatus.TooLarge, ClientHello.Read(start, _scratch, out _));
    }

    [Theory]
    [InlineData(new byte[] { 0x47 })]
    [InlineData(new byte[] { 22, 2 })]
    [InlineData(new byte[] { 22, 3, 1, 0, 0 })]
    [InlineData(new byte[] { 22, 3, 1, 0, 5, 2 })]
    [InlineData(new byte[] { 21, 3, 1, 0, 2, 1, 0 })]
    public void Read_AnythingElse_IsNotTls(byte[] bytes) => Assert.Equal(ClientHelloStatus.NotTls, ClientHello.Read(bytes, _scratch, out _));

    [Fact]
    public void Read_EveryLengthBroken_IsNeverAcceptedWithOtherContent()
    {
        // Whatever one flipped byte does: the reader must stay in bounds and say one of its words.
        byte[] hello = Seeds.Hello("web.grid", ["h2", "http/1.1"]);
        for (int i = 0; i < hello.Length; i++)
        {
            foreach (byte value in new byte[] { 0, 1, 0x7f, 0xff })
            {
                byte[] broken = [.. hello];
                broken[i] = value;
                Assert.True(Enum.IsDefined(ClientHello.Read(broken, _scratch, out _)));
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\0b")]
    public void Read_NameThatIsNoHost_IsMalformed(string name)
    {
        byte[] hello = Seeds.Hello(name.Length == 0 ? "x" : name, []);
        if (name.Length == 0) hello[^9] = 0; // the name's own length, behind its type: now it does not fill the list
        Assert.Equal(ClientHelloStatus.Malformed, ClientHello.Read(hello, _scratch, out _));
    }

    [Fact]
    public void Read_ServerNameTwice_IsMalformed()
    {
        byte[] one = Seeds.Hello("a", []);
        // extensions start behind: record 5, handshake 4, version 2, random 32, session 1, suites 4, compression 2
        const int Extensions = 5 + 4 + 2 + 32 + 1 + 4 + 2;
        byte[] body = one[(Extensions + 2)..];
        byte[] name = body[..10];
        byte[] twice = [.. one[..Extensions], 0, (byte)(body.Length + name.Length), .. body, .. name];
        twice[4] += (byte)name.Length;
        twice[8] += (byte)name.Length;
        Assert.Equal(ClientHelloStatus.Malformed, ClientHello.Read(twice, _scratch, out _));
    }
}
