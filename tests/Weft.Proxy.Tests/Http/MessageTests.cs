using System;
using System.Linq;
using System.Threading.Tasks;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>How messages go through: framing, interim answers, versions, trailers, early answers. Each against a server that says exactly what the test wants.</summary>
public sealed class MessageTests : IAsyncLifetime
{
    private HttpFixture _f = null!;

    public ValueTask InitializeAsync()
    {
        _f = new HttpFixture();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _f.DisposeAsync();

    [Fact]
    public void Chunked_BothWaysWithTrailersAndExtensions_IsReframedCanonically()
    {
        using var client = _f.Client();
        client.Send("POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\n\r\n3;ext=1\r\nabc\r\n0002\r\nde\r\n0\r\nX-Sum: 5\r\nAuthorization: no\r\n\r\n");
        using var server = _f.Upstream.Accept();
        string head = server.ReadHead();
        Assert.Contains("Transfer-Encoding: chunked\r\n", head, StringComparison.Ordinal);
        Assert.Equal("3\r\nabc\r\n2\r\nde\r\n0\r\nX-Sum: 5\r\n\r\n", server.ReadThrough("\r\n0\r\n") + server.ReadThrough("\r\n\r\n"));
        server.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-T: 1\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal(("x", "X-T: 1\r\n"), (response.Body, response.Trailers));
    }

    [Fact]
    public void Request_OneByteAtATime_ArrivesWhole()
    {
        using var client = _f.Client();
        client.Drip("POST /drip HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd");
        using var server = _f.Upstream.Accept();
        Assert.StartsWith("POST /drip ", server.ReadHead(), StringComparison.Ordinal);
        Assert.Equal("abcd", server.ReadText(4));
        foreach (char c in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok") server.Send(c.ToString());
        Assert.Equal("ok", client.ReadResponse().Body);
    }

    [Fact]
    public void Head_WithContentLength_AndStatusesWithoutBody_LeaveTheConnectionInStep()
    {
        using var client = _f.Client();
        client.Send("HEAD /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        Assert.Equal("100", client.ReadResponse(toHead: true).Header("content-length"));
        foreach (int status in new[] { 204, 304 })
        {
            client.Send($"GET /{status} HTTP/1.1\r\nHost: h\r\n\r\n");
            server.ReadHead();
            server.Send($"HTTP/1.1 {status} X\r\n\r\n");
            Assert.Equal(status, client.ReadResponse().Status);
        }
        client.Send("GET /last HTTP/1.1\r\nHost: h\r\n\r\n");
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlast");
        Assert.Equal("last", client.ReadResponse().Body);
    }

    [Fact]
    public void Expect100_FromClient_IsForwardedAndItsInterimAnswerToo()
    {
        using var client = _f.Client();
        client.Send("POST /e HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
        using var server = _f.Upstream.Accept();
        Assert.Contains("Expect: 100-continue\r\n", server.ReadHead(), StringComparison.Ordinal);
        server.Send("HTTP/1.1 100 Continue\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 100 Continue", client.ReadHead(), StringComparison.Ordinal);
        client.Send("hi");
        Assert.Equal("hi", server.ReadText(2));
        server.Send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(103, client.ReadResponse().Status);
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void CloseDelimitedAnswer_BecomesChunkedForHttp11AndCloseForHttp10()
    {
        using (var client = _f.Client())
        {
            client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            using var server = _f.Upstream.Accept();
            server.ReadHead();
            server.Send("HTTP/1.1 200 OK\r\n\r\nuntil the end").EndSending();
            var response = client.ReadResponse();
            Assert.Equal(("chunked", "until the end"), (response.Header("transfer-encoding"), response.Body));
        }
        using var old = _f.Client();
        old.Send("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
        using var second = _f.Upstream.Accept();
        second.ReadHead();
        second.Send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
        var answer = old.ReadResponse();
        Assert.Equal((null, "close", "abc"), (answer.Header("transfer-encoding"), answer.Header("connection"), answer.Body));
    }

    [Fact]
    public void T23_Http10KeepAlive_IsAcceptedAndAnswered()
    {
        using var client = _f.Client();
        RawPeer? server = null;
        for (int i = 0; i < 2; i++)
        {
            client.Send("GET / HTTP/1.0\r\nHost: h\r\nConnection: keep-alive\r\n\r\n");
            server ??= _f.Upstream.Accept();
            Assert.Contains(" HTTP/1.1\r\n", server.ReadHead(), StringComparison.Ordinal);
            server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            var response = client.ReadResponse();
            Assert.Equal((200, "keep-alive", "ok"), (response.Status, response.Header("connection"), response.Body));
        }
        server!.Dispose();
    }

    [Fact]
    public void T24_PipelinedRequests_KeepTheirOrder()
    {
        using var client = _f.Client();
        client.Send(string.Concat(Enumerable.Range(1, 20).Select(i => $"POST /{i} HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{i:00}")));
        using var server = _f.Upstream.Accept();
        for (int i = 1; i <= 20; i++)
        {
            Assert.StartsWith($"POST /{i} ", server.ReadHead(), StringComparison.Ordinal);
            Assert.Equal($"{i:00}", server.ReadText(2));
            Assert.True(i == 20 || server.IsSilent(TimeSpan.Zero), "the next request must wait for its turn");
            server.Send($"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{i:00}");
            Assert.Equal($"{i:00}", client.ReadResponse().Body);
        }
    }

    [Fact]
    public void T25_EarlyAnswerWithUnreadBody_EndsBothConnections()
    {
        using var client = _f.Client();
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nabc");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\nno");
        var response = client.ReadResponse();
        Assert.Equal((403, "close", "no"), (response.Status, response.Header("connection"), response.Body));
        client.Send("GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n");
        server.ReadExactly(3);
        Assert.True(server.IsClosedByPeer());
        Assert.True(_f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public void HalfClosedClient_StillGetsItsAnswer()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n").EndSending();
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Assert.Equal("ok", client.ReadResponse().Body);
        Assert.True(client.IsClosedByPeer());
    }

    [Fact]
    public void HalfClosedClient_ThatPipelined_GetsEveryAnswer()
    {
        using var client = _f.Client();
        client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n").EndSending();
        using var server = _f.Upstream.Accept();
        foreach (string answer in new[] { "1", "2" })
        {
            Assert.StartsWith($"GET /{answer} ", server.ReadHead(), StringComparison.Ordinal);
            server.Send($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{answer}");
            Assert.Equal(answer, client.ReadResponse().Body);
        }
        Assert.True(client.IsClosedByPeer());
    }

    [Fact]
    public void T30_ManyInterimAnswers_AreBoundedAndAreTheServersFault()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send(string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 100)));
        var response = client.ReadResponse();
        for (int interim = 0; response.Status == 102; interim++)
        {
            Assert.InRange(interim, 0, 20);
            response = client.ReadResponse();
        }
        Assert.Equal(502, response.Status);
        Assert.Equal(1, _f.Proxy.Metric("weft_http1_rejected_total", "too_many_interim"));
    }

    [Fact]
    public async Task LargeBodies_WithSlowReaders_ArriveWholeAndMemoryStaysBounded()
    {
        const int Size = 8 * 1024 * 1024;
        byte[] body = new byte[Size];
        new Random(1).NextBytes(body);
        using var client = RawPeer.Connect(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _f.Port), receiveBuffer: 16 * 1024);
        client.Send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send($"HTTP/1.1 200 OK\r\nContent-Length: {Size}\r\n\r\n");
        var sending = Task.Run(() => server.Send(body));
        client.ReadHead();
        Wait.Until(() => _f.Proxy.Host.Workers[0].Loop.Slabs.BytesInUse > 0 || sending.IsCompleted, () => "nothing was queued");
        Assert.InRange(_f.Proxy.Host.Workers[0].Loop.Slabs.BytesInUse, 0, 512 * 1024);
        Assert.Equal(body, client.ReadExactly(Size));
        await sending;

        client.Send($"POST /up HTTP/1.1\r\nHost: h\r\nContent-Length: {Size}\r\n\r\n");
        var uploading = Task.Run(() => client.Send(body));
        server.ReadHead();
        Assert.Equal(body, server.ReadExactly(Size));
        await uploading;
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(200, client.ReadResponse().Status);
    }

    [Fact]
    public void HopByHopHeaders_AreNotForwarded()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, X-Mine\r\nX-Mine: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\nX-Stays: 1\r\nx-envoy-peer-metadata: me\r\nx-envoy-max-retries: 9\r\n\r\n");
        using var server = _f.Upstream.Accept();
        string head = server.ReadHead().ToLowerInvariant();
        Assert.DoesNotContain("x-mine", head, StringComparison.Ordinal);
        Assert.DoesNotContain("keep-alive", head, StringComparison.Ordinal);
        Assert.DoesNotContain("proxy-connection", head, StringComparison.Ordinal);
        Assert.DoesNotContain("x-envoy-", head, StringComparison.Ordinal);
        Assert.Contains("x-stays: 1", head, StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nKeep-Alive: timeout=1\r\nConnection: keep-alive\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Null(response.Header("keep-alive"));
        Assert.Equal(1, _f.Proxy.Metric("weft_peer_metadata_stripped_total"));
    }

    [Fact]
    public void RequestId_FromClient_IsKeptAndLogged()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: my-id\r\n\r\n");
        using var server = _f.Upstream.Accept();
        Assert.Contains("X-Request-Id: my-id\r\n", server.ReadHead(), StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        client.ReadResponse();
        Assert.Equal("my-id", _f.Proxy.LogLine().GetProperty("request_id").GetString());
    }

    [Fact]
    public void T27_WebSocketUpgrade_IsRefusedAndEarlyDataNeverTunnelled()
    {
        using var client = _f.Client();
        client.Send("GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nEARLY DATA");
        var response = client.ReadResponse();
        Assert.Equal(403, response.Status);
        Assert.Contains("upgrade", response.Body, StringComparison.Ordinal);
        Assert.True(_f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
        Assert.Equal("upgrade_failed", _f.Proxy.LogLine().GetProperty("response_code_details").GetString());
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "http1.duplicate_content_length")]
    [InlineData("HTTP/1.1 200 OK\r\nX: a\nb\r\n\r\n", "http1.bare_line_feed")]
    [InlineData("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", "http1.unexpected_upgrade")]
    [InlineData("garbage\r\n\r\n", "http1.malformed_status_line")]
    public void T29_T31_BrokenAnswer_Is502AndTheConnectionIsGone(string answer, string rule)
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send(answer);
        Assert.Equal(502, client.ReadResponse().Status);
        Assert.True(server.IsClosedByPeer());
        var line = _f.Proxy.LogLine();
        Assert.Equal(("UPE", "upstream_reset_before_response_started{protocol_error}"), (line.GetProperty("response_flags").GetString(), line.GetProperty("response_code_details").GetString()));
        Assert.Equal(1, _f.Proxy.Metric("weft_http1_rejected_total", $"\"{rule}\""));
    }

    [Fact]
    public void T31_SecondAnswerOnTheConnection_QuarantinesIt()
    {
        using var client = _f.Client();
        client.Send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\npoisoned");
        Assert.Equal("ok", client.ReadResponse().Body);
        client.Send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
        using var fresh = _f.Upstream.Accept();
        Assert.StartsWith("GET /2 ", fresh.ReadHead(), StringComparison.Ordinal);
        fresh.Send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nclean");
        Assert.Equal("clean", client.ReadResponse().Body);
    }

    [Fact]
    public void ClientAbort_ReleasesTheUpstreamAndIsLogged()
    {
        var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        client.Reset();
        Assert.True(server.IsClosedByPeer());
        var line = _f.Proxy.LogLine();
        Assert.Equal(("DC", 0), (line.GetProperty("response_flags").GetString(), line.GetProperty("response_code").GetInt32()));
        Wait.Until(() => _f.Proxy.Host.Active == 0, () => "something stays active");
        Assert.Equal((0, 0), (_f.Proxy.Metric("envoy_http_downstream_rq_active"), _f.Proxy.Metric("envoy_server_total_connections")));
    }

    [Fact]
    public void UpstreamDiesInTheMiddleOfAnAnswer_TheClientSeesItBrokenOff()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
        client.ReadHead();
        server.Reset();
        Assert.ThrowsAny<System.IO.IOException>(() => client.ReadExactly(10));
        Assert.Equal("UC", _f.Proxy.LogLine().GetProperty("response_flags").GetString());
    }
}
