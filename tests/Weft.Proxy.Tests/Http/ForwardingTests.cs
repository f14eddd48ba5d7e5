using System;
using System.Threading.Tasks;
using Weft.Proxy.Tests.Fixture;

namespace Weft.Proxy.Tests.Http;

public sealed class ForwardingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Request_Plain_IsForwardedAndAnswered(int concurrency)
    {
        await using var f = new HttpFixture(concurrency);
        using var client = f.Client();
        client.Send("GET /a?b=c HTTP/1.1\r\nHost: Web.grid\r\nX-Case: Kept\r\n\r\n");
        using var server = f.Upstream.Accept();
        string head = server.ReadHead();
        Assert.StartsWith("GET /a?b=c HTTP/1.1\r\nHost: web.grid\r\nX-Case: Kept\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nx-request-id: ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nx-forwarded-for: 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nx-forwarded-proto: http\r\n", head, StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Served-By: me\r\n\r\nhello");
        var response = client.ReadResponse();
        Assert.Equal((200, "hello", "me"), (response.Status, response.Body, response.Header("x-served-by")));
        var line = f.Proxy.LogLine();
        Assert.Equal("via_upstream", line.GetProperty("response_code_details").GetString());
        Assert.Equal(200, line.GetProperty("response_code").GetInt32());
        Assert.Equal("digest-1", line.GetProperty("snapshot_digest").GetString());
        Assert.Equal(1, f.Proxy.Metric("istio_requests_total", "response_code=\"200\"", "reporter=\"source\"", "destination_service=\"web.grid.svc.cluster.local\""));
    }

    [Fact]
    public async Task Connections_BothSides_AreKeptAlive()
    {
        await using var f = new HttpFixture();
        using var client = f.Client();
        client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = f.Upstream.Accept();
        for (int i = 1; i <= 5; i++)
        {
            if (i > 1) client.Send($"GET /{i} HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.StartsWith($"GET /{i} ", server.ReadHead(), StringComparison.Ordinal);
            server.Send($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{i}");
            Assert.Equal($"{i}", client.ReadResponse().Body);
        }
        Assert.Equal(1, f.Proxy.Metric("envoy_cluster_upstream_cx_total"));
    }
}
