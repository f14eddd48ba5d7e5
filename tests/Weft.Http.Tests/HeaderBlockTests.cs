using System;
using System.Linq;
using System.Text;

namespace Weft.Http.Tests;

public sealed class HeaderBlockTests
{
    [Fact]
    public void Recognize_EveryKnownName_InAnyCase()
    {
        foreach (KnownHeader header in Enum.GetValues<KnownHeader>())
        {
            string name = Encoding.ASCII.GetString(KnownHeaders.Name(header));
            if (name.Length == 0) continue;
            Assert.Equal(header, KnownHeaders.Recognize(Encoding.ASCII.GetBytes(name.ToUpperInvariant())));
            Assert.Equal(header, KnownHeaders.Recognize(Encoding.ASCII.GetBytes(name.ToLowerInvariant())));
            Assert.Equal(KnownHeader.Other, KnownHeaders.Recognize(Encoding.ASCII.GetBytes("y" + name[1..])));
        }
    }

    [Theory]
    [InlineData("x-envoy-retry-on", KnownHeader.XEnvoyOther)]
    [InlineData("X-Envoy-", KnownHeader.XEnvoyOther)]
    [InlineData("x-envoy-upstream-rq-timeout-ms", KnownHeader.XEnvoyOther)]
    [InlineData("x-envoy", KnownHeader.Other)]
    [InlineData("x-weft-anything", KnownHeader.XWeft)]
    [InlineData("x-custom", KnownHeader.Other)]
    [InlineData("", KnownHeader.Other)]
    public void Recognize_Prefixes_CoverTheFamily(string name, KnownHeader expected) => Assert.Equal(expected, KnownHeaders.Recognize(Encoding.ASCII.GetBytes(name)));

    [Fact]
    public void Recognize_XEnvoyNamesOfEveryLength_AreAlwaysInTheFamily()
    {
        for (int length = 8; length < 40; length++)
        {
            KnownHeader header = KnownHeaders.Recognize(Encoding.ASCII.GetBytes("x-envoy-" + new string('q', length - 8)));
            Assert.Equal(KnownHeader.XEnvoyOther, header);
        }
    }

    [Fact]
    public void KnownHeaders_AllFitInOneWord() => Assert.True(Enum.GetValues<KnownHeader>().Max(header => (int)header) < 64);

    [Fact]
    public void Find_RepeatedName_GivesEachValueOnItsOwn()
    {
        HeaderBlock block = new HeaderBlockBuilder().Add("X-A", "1").Add("Cookie", "c").Add("x-a", "2").Build();
        int first = block.Find("x-A"u8);
        int second = block.Find("x-A"u8, first + 1);
        Assert.Equal("1", Encoding.ASCII.GetString(block.Value(first)));
        Assert.Equal("2", Encoding.ASCII.GetString(block.Value(second)));
        Assert.Equal(-1, block.Find("x-A"u8, second + 1));
        Assert.True(block.Has(KnownHeader.Cookie));
        Assert.False(block.Has(KnownHeader.Authorization));
    }

    [Fact]
    public void Drop_ByNameOrKind_HidesEveryLine()
    {
        HeaderBlock block = new HeaderBlockBuilder().Add("X-A", "1").Add("Cookie", "c").Add("x-a", "2").Add("z", "3").Build();
        Assert.Equal(2, block.Drop("X-a"u8));
        Assert.Equal(1, block.Drop(KnownHeader.Cookie));
        Assert.False(block.TryGet("x-a"u8, out _));
        Assert.False(block.TryGet(KnownHeader.Cookie, out _));
        int left = 0;
        foreach (HeaderBlock.Entry entry in block)
        {
            left++;
            Assert.Equal("z", Encoding.ASCII.GetString(entry.Name));
        }

        Assert.Equal(1, left);
    }

    [Theory]
    [InlineData("a b", "c")]
    [InlineData("", "c")]
    [InlineData("a", "c\r\nx: y")]
    public void Add_WhatIsNoHeader_SaysSo(string name, string value) => Assert.Throws<ArgumentException>(() => new HeaderBlockBuilder().Add(name, value));
}
