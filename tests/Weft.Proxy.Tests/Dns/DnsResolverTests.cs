using System;
using System.Linq;
using CsCheck;
using Weft.Proxy.Dns;

namespace Weft.Proxy.Tests.Dns;

public sealed class DnsResolverTests
{
    private readonly FixedNames _names = new(
        ("forecast.grid.svc.cluster.local", ["10.96.0.7"]),
        ("store.grid.svc.cluster.local", []),
        ("meter.grid.svc.cluster.local", [.. Enumerable.Range(1, 60).Select(i => $"10.244.0.{i}")]),
        ("api.example.com", ["240.240.0.1"]));

    [Theory]
    [InlineData("forecast.grid.svc.cluster.local")]
    [InlineData("FORECAST.Grid.svc.cluster.local")]
    [InlineData("forecast")]
    [InlineData("forecast.grid")]
    [InlineData("forecast.grid.svc")]
    public void Resolve_NameOfTheMesh_AnswersItsAddress(string name) =>
        Assert.Equal(["A 10.96.0.7"], DnsPackets.Records(Answer(DnsPackets.Query(name))));

    [Fact]
    public void Resolve_QuestionCase_IsEchoedAsAsked()
    {
        byte[] query = DnsPackets.Query("FoReCaSt.grid.svc.cluster.local");
        Assert.Equal(query.AsSpan(12).ToArray(), Answer(query).AsSpan(12, query.Length - 12).ToArray());
    }

    [Fact]
    public void Resolve_ForeignNameOfTheTableWithSearchDomain_AnswersByAlias() =>
        Assert.Equal(["CNAME api.example.com", "A 240.240.0.1"], DnsPackets.Records(Answer(DnsPackets.Query("api.example.com.grid.svc.cluster.local"))));

    [Fact]
    public void Resolve_Aaaa_IsEmptyNotAbsent()
    {
        byte[] answer = Answer(DnsPackets.Query("forecast.grid.svc.cluster.local", DnsQuestion.TypeAaaa));
        Assert.Equal((0, 0), (DnsPackets.Code(answer), DnsPackets.Answers(answer)));
    }

    [Fact]
    public void Resolve_NameWithoutAddress_IsEmptyNotAbsent() =>
        Assert.Equal((int)DnsCode.NoError, DnsPackets.Code(Answer(DnsPackets.Query("store"))));

    [Fact]
    public void Resolve_UnknownNameBelowTheClusterDomain_DoesNotExistAndIsNotForwarded() =>
        Assert.Equal((int)DnsCode.NameError, DnsPackets.Code(Answer(DnsPackets.Query("nobody.grid.svc.cluster.local"))));

    [Fact]
    public void Resolve_BeforeTheTableCame_IsAFailureToTryAgain()
    {
        _names.IsKnown = false;
        Assert.Equal((int)DnsCode.ServerFailure, DnsPackets.Code(Answer(DnsPackets.Query("nobody.grid.svc.cluster.local"))));
    }

    [Fact]
    public void Resolve_ForeignName_IsForwardedWhereThereIsSomeone()
    {
        byte[] query = DnsPackets.Query("debian.org");
        Assert.Equal(DnsVerdict.Forward, new DnsResolver(_names, "grid", "cluster.local", canForward: true).Resolve(query, true, new byte[512], out _));
        Assert.Equal((int)DnsCode.NameError, DnsPackets.Code(Answer(query, canForward: false)));
    }

    [Fact]
    public void Resolve_MoreThanAUdpAnswerHolds_IsTruncatedOverUdpAndWholeOverTcp()
    {
        byte[] query = DnsPackets.Query("meter");
        byte[] udp = Answer(query);
        Assert.True(DnsPackets.IsTruncated(udp));
        Assert.InRange(udp.Length, 400, 512);
        Assert.Equal(60, DnsPackets.Records(Answer(query, isUdp: false)).Count);
    }

    [Fact]
    public void Resolve_AskedAgain_TurnsTheOrder()
    {
        var resolver = new DnsResolver(_names, "grid", "cluster.local", canForward: true);
        Assert.NotEqual(DnsPackets.Records(Answer(DnsPackets.Query("meter"), isUdp: false, resolver: resolver))[0],
            DnsPackets.Records(Answer(DnsPackets.Query("meter"), isUdp: false, resolver: resolver))[0]);
    }

    [Fact]
    public void Resolve_CompressionPointerInTheQuestion_IsMalformed()
    {
        byte[] query = DnsPackets.Query("a");
        query[12] = 0xC0;
        query[13] = 12;
        Assert.Equal((int)DnsCode.FormatError, DnsPackets.Code(Answer(query)));
    }

    [Fact]
    public void Resolve_AnyBytes_NeverThrowsAndNeverAnswersAnAnswer() =>
        Gen.Byte.Array[0, 300].Sample(packet =>
        {
            var verdict = new DnsResolver(_names, "grid", "cluster.local", canForward: true).Resolve(packet, true, new byte[4096], out int length);
            return verdict != DnsVerdict.Answer || (length >= 12 && (packet[2] & 0x80) == 0);
        });

    [Fact]
    public void Resolve_QueryCutAnywhere_NeverThrows()
    {
        byte[] query = DnsPackets.Query("forecast.grid.svc.cluster.local");
        for (int length = 0; length < query.Length; length++)
        {
            var verdict = new DnsResolver(_names, "grid", "cluster.local", true).Resolve(query.AsSpan(0, length), true, new byte[512], out int written);
            Assert.Equal(length < 12 ? DnsVerdict.Drop : DnsVerdict.Answer, verdict);
            Assert.Equal(length < 12 ? 0 : 12, written);
        }
    }

    [Fact]
    public void IsAnswerTo_OtherQuestionOrId_IsNot()
    {
        byte[] query = DnsPackets.Query("debian.org");
        byte[] good = [.. query];
        good[2] |= 0x80;
        Assert.True(DnsServer.IsAnswerTo(query, good));
        Assert.False(DnsServer.IsAnswerTo(query, query));
        byte[] otherId = [.. good];
        otherId[1] ^= 1;
        Assert.False(DnsServer.IsAnswerTo(query, otherId));
        byte[] otherName = DnsPackets.Query("debiam.org");
        otherName[2] |= 0x80;
        Assert.False(DnsServer.IsAnswerTo(query, otherName));
    }

    private byte[] Answer(byte[] query, bool isUdp = true, bool canForward = true, DnsResolver? resolver = null)
    {
        byte[] answer = new byte[65535];
        resolver ??= new DnsResolver(_names, "grid", "cluster.local", canForward);
        Assert.Equal(DnsVerdict.Answer, resolver.Resolve(query, isUdp, answer, out int length));
        Assert.Equal(query.AsSpan(0, 2).ToArray(), answer.AsSpan(0, 2).ToArray());
        return answer[..length];
    }
}
