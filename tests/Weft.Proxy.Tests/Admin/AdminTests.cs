using System;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Weft.Proxy.Admin;
using Weft.Proxy.Tests.Fixture;

namespace Weft.Proxy.Tests.Admin;

public sealed class AdminTests : IAsyncLifetime
{
    private HttpFixture _f = null!;

    public ValueTask InitializeAsync()
    {
        _f = new HttpFixture();
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _f.DisposeAsync();

    private (int Status, string Body) Ask(string path, string method = "GET", bool mayChange = false)
    {
        int question = path.IndexOf('?', StringComparison.Ordinal);
        var response = new SideResponse();
        new AdminHandler(_f.Proxy.Host).Handle(new SideRequest(method, question < 0 ? path : path[..question], question < 0 ? "" : path[(question + 1)..], mayChange), response);
        return (response.Status, Encoding.UTF8.GetString(response.Body.WrittenSpan));
    }

    [Theory]
    [InlineData("/drain_listeners")]
    [InlineData("/quitquitquit")]
    [InlineData("/healthcheck/fail")]
    [InlineData("/logging?level=debug")]
    [InlineData("/reset_counters")]
    public void T84_ChangingVerb_OverTcp_Is403WithAnExplanation(string path)
    {
        var (status, body) = Ask(path, "POST");
        Assert.Equal(403, status);
        Assert.Contains("Unix socket", body, StringComparison.Ordinal);
        Assert.False(_f.Proxy.Host.Health.IsDraining);
        Assert.Equal(405, Ask(path, "GET", mayChange: true).Status);
    }

    [Fact]
    public void HealthcheckFail_OverTheSocket_FailsReadinessUntilOk()
    {
        Assert.Equal((200, "LIVE\n"), Ask("/ready"));
        Assert.Equal(200, Ask("/healthcheck/fail", "POST", mayChange: true).Status);
        Assert.Equal(503, Ask("/ready").Status);
        Ask("/healthcheck/ok", "POST", mayChange: true);
        Assert.Equal(200, Ask("/ready").Status);
    }

    [Fact]
    public void Pages_AfterARequest_SayWhatHappened()
    {
        using var client = _f.Client();
        client.Send("GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: why-1\r\n\r\n");
        using var server = _f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        client.ReadResponse();
        _f.Proxy.LogLine();

        var decision = JsonDocument.Parse(Ask("/decisions?request_id=why-1").Body).RootElement.GetProperty("decisions")[0];
        Assert.Equal(("why-1", "web", 200, "digest-1"), (
            decision.GetProperty("request_id").GetString(), decision.GetProperty("cluster").GetString(), decision.GetProperty("response_code").GetInt32(), decision.GetProperty("snapshot_digest").GetString()));
        Assert.Contains($"web::127.0.0.1:{_f.Upstream.Port}::rq_total::1", Ask("/clusters").Body, StringComparison.Ordinal);
        Assert.Contains("\"rq_success\"", Ask("/clusters?format=json").Body, StringComparison.Ordinal);
        Assert.Contains($"127.0.0.1:{_f.Port}", Ask("/listeners").Body, StringComparison.Ordinal);
        Assert.Contains("envoy_cluster_upstream_rq_total{cluster_name=\"web\"}: 1", Ask("/stats?filter=upstream_rq_total").Body, StringComparison.Ordinal);
        Assert.Equal("server.state: 0\nlistener_manager.workers_started: 1\n", Ask("/stats?usedonly&filter=^(server%5C.state|listener_manager%5C.workers_started)").Body);
        Assert.Contains("istio_requests_total{", Ask("/stats/prometheus").Body, StringComparison.Ordinal);
        Assert.Equal("LIVE", JsonDocument.Parse(Ask("/server_info").Body).RootElement.GetProperty("state").GetString());
        Assert.True(JsonDocument.Parse(Ask("/memory").Body).RootElement.TryGetProperty("gc_collections_total", out _));
        Assert.Equal(404, Ask("/nothing").Status);
    }

    [Fact]
    public async Task T84_Dumps_HoldCertificatesAndNeverKeys()
    {
        await using var mesh = MeshFixture.Start();
        var handler = new AdminHandler(mesh.Client.Host);
        foreach (string path in new[] { "/config_dump", "/certs", "/server_info", "/stats", "/clusters", "/memory", "/discovery", "/help" })
        {
            var response = new SideResponse();
            handler.Handle(new SideRequest("GET", path, path == "/config_dump" ? "include_eds" : "", true), response);
            string body = Encoding.UTF8.GetString(response.Body.WrittenSpan);
            Assert.True(response.Status == 200, $"{path}: {body}");
            Assert.DoesNotContain("PRIVATE KEY", body, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String("-----BEGIN PRIV"u8.ToArray()), body, StringComparison.Ordinal);
            if (path == "/certs") Assert.Contains(MeshFixture.ClientId, body, StringComparison.Ordinal);
            if (path == "/config_dump") Assert.Contains("outbound_.8080_.v1_.web", body, StringComparison.Ordinal);
        }
    }
}
