using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Weft.Local.Machine;

namespace Weft.Local.Tests;

public sealed class DnsMessageTests
{
    private static IReadOnlyList<IPAddress>? Find(string name) => name switch
    {
        "web.grid.svc.cluster.local" => [IPAddress.Parse("10.96.1.2")],
        "empty.grid.svc.cluster.local" => [],
        _ => null,
    };

    private static byte[] Question(string name, byte type = 1) =>
    [
        0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0,
        .. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0, 0, type, 0, 1,
    ];

    [Fact]
    public void Answer_KnownNameInAnyCase_HasItsAddress()
    {
        byte[] answer = DnsMessage.Answer(Question("WEB.grid.svc.cluster.LOCAL"), Find);

        Assert.Equal([0x12, 0x34], answer[..2]);
        Assert.Equal(0, answer[3] & 0x0f);
        Assert.Equal(1, answer[7]);
        Assert.Equal([10, 96, 1, 2], answer[^4..]);
    }

    [Theory]
    [InlineData("web.grid.svc.cluster.local", 28, 0)]
    [InlineData("empty.grid.svc.cluster.local", 1, 0)]
    [InlineData("example.com", 1, 3)]
    public void Answer_WithoutAddress_SaysWhetherTheNameExists(string name, byte type, int code)
    {
        byte[] answer = DnsMessage.Answer(Question(name, type), Find);

        Assert.Equal(code, answer[3] & 0x0f);
        Assert.Equal(0, answer[7]);
    }

    [Fact]
    public void Answer_EveryTruncationAndEveryByteChanged_NeverThrows()
    {
        byte[] question = Question("web.grid.svc.cluster.local");
        for (int i = 0; i < question.Length; i++)
        {
            DnsMessage.Answer(question.AsSpan(0, i), Find);
            for (int value = 0; value < 256; value++)
            {
                byte[] changed = [.. question];
                changed[i] = (byte)value;
                byte[] answer = DnsMessage.Answer(changed, Find);
                Assert.True(answer.Length == 0 || (answer[2] & 0x80) != 0);
            }
        }
    }
}
