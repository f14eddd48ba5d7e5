using System;
using System.Collections.Generic;

namespace Weft.Config.Tests;

public sealed class NamingTests
{
    [Theory]
    [InlineData("forecast", "forecast.grid.svc.cluster.local")]
    [InlineData("Forecast", "forecast.grid.svc.cluster.local")]
    [InlineData("forecast.ops", "forecast.ops")]
    [InlineData("*.example.com", "*.example.com")]
    [InlineData("*", "*")]
    [InlineData("::1", "::1")]
    public void Resolve_HostOfARule_IsFullOnlyForShortNames(string host, string expected) => Assert.Equal(expected, HostName.Resolve(host, "grid"));

    [Theory]
    [InlineData("a.com", "a.com", true)]
    [InlineData("*.com", "a.com", true)]
    [InlineData("*.a.com", "*.com", true)]
    [InlineData("*.a.com", "*.b.com", false)]
    [InlineData("*", "*.b.com", true)]
    [InlineData("a.com", "b.com", false)]
    [InlineData("*.a.com", "a.com", false)]
    public void Matches_TwoNames_WhenTheirSetsOverlap(string left, string right, bool expected)
    {
        Assert.Equal(expected, HostName.Matches(left, right));
        Assert.Equal(expected, HostName.Matches(right, left));
    }

    [Fact]
    public void MostSpecific_SeveralRules_IsExactThenLongestWildcard()
    {
        string[] rules = ["*", "*.com", "*.a.com", "x.a.com"];

        Assert.Equal("x.a.com", HostName.MostSpecific("x.a.com", rules));
        Assert.Equal("*.a.com", HostName.MostSpecific("y.a.com", rules));
        Assert.Equal("*.com", HostName.MostSpecific("*.b.com", rules));
        Assert.Equal("*", HostName.MostSpecific("y.org", rules));
        Assert.Null(HostName.MostSpecific("y.org", ["*.com"]));
    }

    [Theory]
    [InlineData(80, "http", "TCP", null, PortProtocol.Http)]
    [InlineData(80, "http-web", "TCP", null, PortProtocol.Http)]
    [InlineData(80, "HTTP2-web", "TCP", null, PortProtocol.Http2)]
    [InlineData(80, "grpc-web-x", "TCP", null, PortProtocol.GrpcWeb)]
    [InlineData(80, "grpc", "TCP", null, PortProtocol.Grpc)]
    [InlineData(80, "web", "TCP", "http", PortProtocol.Http)]
    [InlineData(80, "http", "TCP", "tcp", PortProtocol.Tcp)]
    [InlineData(80, "x", "TCP", "kubernetes.io/h2c", PortProtocol.Http2)]
    [InlineData(80, "x", "TCP", "kubernetes.io/wss", PortProtocol.Https)]
    [InlineData(80, "http", "UDP", "http", PortProtocol.Udp)]
    [InlineData(3306, "db", "TCP", null, PortProtocol.Tcp)]
    [InlineData(3306, "http-db", "TCP", null, PortProtocol.Http)]
    [InlineData(7000, "any", "TCP", null, PortProtocol.Unsupported)]
    [InlineData(6379, "tcp-redis", "TCP", null, PortProtocol.Tcp)]
    [InlineData(80, "", "TCP", null, PortProtocol.Unsupported)]
    public void Select_PortAsDeclared_IsIstiosChoice(int port, string name, string transport, string? appProtocol, PortProtocol expected) =>
        Assert.Equal(expected, PortProtocols.Select(port, name, transport, appProtocol));

    [Theory]
    [InlineData("a=b", true)]
    [InlineData("a==b", true)]
    [InlineData("a!=b", false)]
    [InlineData("a in (b, c)", true)]
    [InlineData("a notin (b)", false)]
    [InlineData("a", true)]
    [InlineData("!a", false)]
    [InlineData("!z,a in (b)", true)]
    [InlineData("z!=x", true)]
    public void LabelSelector_Text_MatchesAsKubernetesDoes(string text, bool expected)
    {
        Assert.True(LabelSelector.TryParse(text, out LabelSelector selector));

        Assert.Equal(expected, selector.Matches(new Dictionary<string, string> { ["a"] = "b" }));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a in b")]
    [InlineData("=b")]
    [InlineData("a,,b")]
    [InlineData("a in (b")]
    public void LabelSelector_TextThatIsNone_IsRefused(string text) => Assert.False(LabelSelector.TryParse(text, out _));

    [Theory]
    [InlineData("1h30m", 5400_000)]
    [InlineData("1.5s", 1500)]
    [InlineData("250ms", 250)]
    [InlineData("-2m", -120_000)]
    [InlineData("0", 0)]
    [InlineData("+1s", 1000)]
    [InlineData("1500us", 1.5)]
    public void GoDuration_EachForm_IsRead(string text, double milliseconds)
    {
        Assert.True(GoDuration.TryParse(text, out TimeSpan value));

        Assert.Equal(milliseconds, value.TotalMilliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("1s2")]
    [InlineData("1..5s")]
    [InlineData("9999999999999h")]
    [InlineData("99999999999999999999999999999999999999999999999999s")]
    public void GoDuration_WhatIsNone_IsRefused(string text) => Assert.False(GoDuration.TryParse(text, out _));

    [Theory]
    [InlineData(90_000, "1m30s")]
    [InlineData(250, "250ms")]
    [InlineData(3_600_000, "1h0m0s")]
    [InlineData(0, "0s")]
    [InlineData(1500, "1.5s")]
    public void GoDuration_Formatted_IsWhatGoPrints(int milliseconds, string expected) =>
        Assert.Equal(expected, GoDuration.Format(TimeSpan.FromMilliseconds(milliseconds)));
}
