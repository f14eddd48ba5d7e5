using Weft.CommandLine.Explain;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Tests;

public sealed class ExplainRequestTests
{
    [Theory]
    [InlineData("http://forecast:8080/v1/day", "forecast", 8080, "forecast:8080", "/v1/day")]
    [InlineData("http://ledger", "ledger", 80, "ledger", "/")]
    [InlineData("http://ledger?x=1", "ledger", 80, "ledger", "/?x=1")]
    [InlineData("http://web:8080/a/../b?q=/", "web", 8080, "web:8080", "/a/../b?q=/")]
    public void Parse_Url_KeepsWhatTheClientWouldSend(string url, string host, int port, string authority, string target)
    {
        ExplainRequest request = ExplainRequest.Parse("GET", url, [], null);

        Assert.Equal((host, port, authority, target), (request.Host, request.Port, request.Authority, request.Target));
    }

    [Fact]
    public void Parse_HostHeader_IsTheAuthorityButNotTheDestination()
    {
        ExplainRequest request = ExplainRequest.Parse("GET", "http://10.96.0.7:8080/", ["Host: forecast", "x-a: b"], "id-1");

        Assert.Equal(("forecast", "10.96.0.7"), (request.Authority, request.Host));
        Assert.Equal([("x-a", "b")], request.Headers);
    }

    [Theory]
    [InlineData("https://forecast/")]
    [InlineData("forecast:8080")]
    [InlineData("/v1/day")]
    public void Parse_WhatIsNoPlainHttpUrl_SaysWhatIsWanted(string url)
    {
        CommandException stop = Assert.Throws<CommandException>(() => ExplainRequest.Parse("GET", url, [], null));

        Assert.Contains("http://HOST", stop.Message, System.StringComparison.Ordinal);
        Assert.Equal(2, stop.ExitCode);
    }

    [Fact]
    public void Parse_HeaderWithoutColon_IsRefused() =>
        Assert.Throws<CommandException>(() => ExplainRequest.Parse("GET", "http://a/", ["x-canary"], null));
}
