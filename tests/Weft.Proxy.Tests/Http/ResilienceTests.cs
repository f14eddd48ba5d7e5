using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>Retries, deadlines, breakers, kept connections that died, and every answer of our own with its flag and details.</summary>
public sealed class ResilienceTests
{
    private const string Get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

    private static RetryPolicyConfig Retries(uint count, RetryOn on = RetryOn.ServerError | RetryOn.ConnectFailure) => new()
    {
        NumRetries = count,
        RetryOn = on,
        BackOffBase = TimeLimit.From(TimeSpan.FromMilliseconds(1)),
    };

    [Fact]
    public async Task Answer503_WithRetries_IsTriedAgainWithItsBody()
    {
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Action.RetryPolicy = Retries(2);
            f.Host.IncludeRequestAttemptCount = true;
        });
        using var client = f.Client();
        client.Send("PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc");
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            using var server = f.Upstream.Accept();
            Assert.Contains($"x-envoy-attempt-count: {attempt}\r\n", server.ReadHead(), StringComparison.Ordinal);
            Assert.Equal("abc", server.ReadText(3));
            server.Send($"HTTP/1.1 503 No\r\nContent-Length: 1\r\n\r\n{attempt}");
            if (attempt < 3) Assert.True(server.IsClosedByPeer());
            else Assert.Equal("3", client.ReadResponse().Body);
        }
        var line = f.Proxy.LogLine();
        Assert.Equal(("URX", "via_upstream"), (line.GetProperty("response_flags").GetString(), line.GetProperty("response_code_details").GetString()));
        Assert.Equal(2, f.Proxy.Metric("envoy_cluster_upstream_rq_retry"));
        Assert.Equal(0, f.Proxy.Host.Process.Cells.Breaker("web").Retries);
    }

    [Fact]
    public async Task Post_ThatMayHaveBeenProcessed_IsNotRetried()
    {
        await using var f = new HttpFixture(arrange: f => f.Action.RetryPolicy = Retries(2));
        using var client = f.Client();
        client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        using var server = f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(503, client.ReadResponse().Status);
        Assert.True(f.Upstream.IsUntouched(TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task ConnectFailure_GoesToAnotherEndpointAndEvenAPostMay()
    {
        int dead = RunningProxy.FreePort();
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Action.RetryPolicy = Retries(3);
            f.Action.RetryPolicy.ExcludePreviousHosts = true;
            f.Config.EndpointSets[0] = ConfigSet.Endpoints("web", dead, f.Upstream.Port);
        });
        var serving = f.Upstream.ServeAsync(peer =>
        {
            while (true)
            {
                peer.ReadHead();
                peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            }
        });
        using var client = f.Client();
        for (int i = 0; i < 10; i++)
        {
            client.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(200, client.ReadResponse().Status);
        }
        Assert.InRange(f.Proxy.Metric("envoy_cluster_upstream_cx_connect_fail"), 1, 10);
        f.Upstream.Dispose();
        await serving;
    }

    [Fact]
    public async Task ConnectFailure_WithoutRetries_Is503UfWithItsReason()
    {
        await using var f = new HttpFixture(arrange: f => f.Config.EndpointSets[0] = ConfigSet.Endpoints("web", RunningProxy.FreePort()));
        using var client = f.Client();
        client.Send(Get);
        var response = client.ReadResponse();
        Assert.Equal((503, "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure"), (response.Status, response.Body));
        AssertLogged(f, "UF", "upstream_reset_before_response_started{remote_connection_failure}");
    }

    [Fact]
    public async Task KeptConnection_ClosedByTheServer_IsReplacedForWhatMayBeDoneTwice()
    {
        await using var f = new HttpFixture();
        using var client = f.Client();
        client.Send(Get);
        using (var server = f.Upstream.Accept())
        {
            server.ReadHead();
            server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
            Assert.Equal("1", client.ReadResponse().Body);
            client.Send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
            Assert.StartsWith("GET /2 ", server.ReadHead(), StringComparison.Ordinal);
            server.Reset();
        }
        using var fresh = f.Upstream.Accept();
        Assert.StartsWith("GET /2 ", fresh.ReadHead(), StringComparison.Ordinal);
        fresh.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        Assert.Equal("2", client.ReadResponse().Body);
        Assert.Equal(1, f.Proxy.Metric("weft_upstream_stale_reuse_retry_total"));

        client.Send("POST /3 HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
        fresh.ReadHead();
        fresh.Reset();
        Assert.Equal(503, client.ReadResponse().Status);
        AssertLogged(f, "UC", "upstream_reset_before_response_started{connection_termination}");
    }

    [Fact]
    public async Task RouteTimeout_Is504UtAndTheUpstreamIsLetGo()
    {
        await using var f = new HttpFixture(arrange: f => f.Action.Timeout = TimeLimit.From(TimeSpan.FromMilliseconds(50)));
        using var client = f.Client();
        client.Send(Get);
        using var server = f.Upstream.Accept();
        server.ReadHead();
        Assert.Equal((504, "upstream request timeout"), (client.ReadResponse() is var r ? r.Status : 0, r.Body));
        Assert.True(server.IsClosedByPeer());
        AssertLogged(f, "UT", "response_timeout");
        Assert.Equal(1, f.Proxy.Metric("envoy_cluster_upstream_rq_timeout"));
    }

    [Fact]
    public async Task PerTryTimeout_TriesAgainThenIs504()
    {
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Action.RetryPolicy = Retries(1);
            f.Action.RetryPolicy.PerTryTimeout = TimeLimit.From(TimeSpan.FromMilliseconds(50));
        });
        using var client = f.Client();
        client.Send(Get);
        using var first = f.Upstream.Accept();
        using var second = f.Upstream.Accept();
        Assert.Equal(504, client.ReadResponse().Status);
        Assert.Equal("upstream_per_try_timeout", f.Proxy.LogLine().GetProperty("response_code_details").GetString());
        Assert.Equal(2, f.Proxy.Metric("envoy_cluster_upstream_rq_per_try_timeout"));
    }

    [Fact]
    public async Task SlowHead_IsAnswered408AndIdleConnectionIsClosed()
    {
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Manager.RequestHeadersTimeout = TimeLimit.From(TimeSpan.FromMilliseconds(50));
            f.Manager.IdleTimeout = TimeLimit.From(TimeSpan.FromMilliseconds(100));
        });
        using var slow = f.Client();
        slow.Send("GET / HT");
        Assert.Equal(408, slow.ReadResponse().Status);
        AssertLogged(f, "-", "request_header_timeout");
        using var idle = f.Client();
        Assert.True(idle.IsClosedByPeer());
        Assert.Equal((1, 1), (f.Proxy.Metric("envoy_http_downstream_rq_header_timeout"), f.Proxy.Metric("envoy_http_downstream_cx_idle_timeout")));
    }

    [Fact]
    public async Task StreamIdleTimeout_Is408ForAStalledBodyAnd504ForAStalledServer()
    {
        await using var f = new HttpFixture(arrange: f => f.Action.IdleTimeout = TimeLimit.From(TimeSpan.FromMilliseconds(60)));
        using var stalled = f.Client();
        stalled.Send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
        Assert.Equal(408, stalled.ReadResponse().Status);
        using var client = f.Client();
        client.Send(Get);
        Assert.Equal(504, client.ReadResponse().Status);
        Assert.Equal(2, f.Proxy.Metric("envoy_http_downstream_rq_idle_timeout"));
    }

    [Fact]
    public async Task Breakers_OverPendingAndRequests_Are503Uo()
    {
        await using var f = new HttpFixture(arrange: f => f.Cluster.CircuitBreaker = new CircuitBreakerConfig(1, 1, 100, 3));
        using var first = f.Client();
        first.Send(Get);
        using var server = f.Upstream.Accept();
        server.ReadHead();
        using var second = f.Client();
        second.Send(Get);
        Wait.Until(() => f.Proxy.Host.Process.Cells.Breaker("web").Pending == 1, () => "the second request does not wait");
        using var third = f.Client();
        third.Send(Get);
        var refused = third.ReadResponse();
        Assert.Equal((503, "true"), (refused.Status, refused.Header("x-envoy-overloaded")));
        AssertLogged(f, "UO", "upstream_reset_before_response_started{overflow}");
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1");
        Assert.Equal("1", first.ReadResponse().Body);
        // The connection that the first gave back serves the one that waited.
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
        Assert.Equal("2", second.ReadResponse().Body);
        Assert.Equal(1, f.Proxy.Metric("envoy_cluster_upstream_rq_pending_overflow"));
        Assert.Equal((0, 0), (f.Proxy.Host.Process.Cells.Breaker("web").Pending, f.Proxy.Host.Process.Cells.Breaker("web").Requests));
    }

    [Fact]
    public async Task NoReadyEndpoint_UnknownClusterAndUnknownRoute_AreToldApart()
    {
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Config.EndpointSets[0].Endpoints[0].Health = EndpointHealth.Unhealthy;
            f.Host.Domains.Clear();
            f.Host.Domains.Add("known");
            f.Host.Routes.Insert(0, new RouteConfig { Name = "gone", Path = "/gone", Forward = new RouteActionConfig { Cluster = "gone" } });
            f.Host.Routes.Insert(0, new RouteConfig { Name = "direct", Path = "/direct", DirectResponse = new DirectResponseConfig { Status = 418, Body = "teapot"u8.ToArray() } });
            f.Host.Routes.Insert(0, new RouteConfig { Name = "redirect", Path = "/old", Redirect = new RedirectConfig { PathRedirect = "/new" } });
        });
        using var client = f.Client();
        foreach (var (path, host, status, flags, details) in new[]
        {
            ("/", "known", 503, "UH", "no_healthy_upstream"),
            ("/gone", "known", 503, "NC", "cluster_not_found"),
            ("/", "unknown", 404, "NR", "route_not_found"),
            ("/direct", "known", 418, "-", "direct_response"),
            ("/old?q=1", "known", 301, "-", "direct_response"),
        })
        {
            client.Send($"GET {path} HTTP/1.1\r\nHost: {host}\r\nX-Request-Id: {status}{flags}{details}\r\n\r\n");
            var response = client.ReadResponse();
            Assert.Equal(status, response.Status);
            if (status == 418) Assert.Equal("teapot", response.Body);
            if (status == 301) Assert.Equal("http://known/new?q=1", response.Header("location"));
            var line = f.Proxy.LogLine(l => l.GetProperty("request_id").GetString() == $"{status}{flags}{details}");
            Assert.Equal((flags, details), (line.GetProperty("response_flags").GetString(), line.GetProperty("response_code_details").GetString()));
        }
    }

    [Fact]
    public async Task Endpoint_ThatLeavesTheSet_GetsNoNewRequestAndItsIdleConnectionEnds()
    {
        using var other = new RawServer();
        await using var f = new HttpFixture();
        using var client = f.Client();
        client.Send(Get);
        using var server = f.Upstream.Accept();
        server.ReadHead();
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        client.ReadResponse();
        f.Config.EndpointSets[0] = ConfigSet.Endpoints("web", other.Port);
        f.Republish("digest-2");
        Assert.True(server.IsClosedByPeer());
        client.Send(Get);
        using var next = other.Accept();
        next.ReadHead();
        next.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        client.ReadResponse();
        Assert.Equal("digest-2", f.Proxy.LogLine(l => l.GetProperty("snapshot_digest").GetString() != "digest-1").GetProperty("snapshot_digest").GetString());
    }

    [Fact]
    public async Task Retry_AfterTheConfigurationMovedOn_UsesWhatIsInForceNowAndNeverAForgottenPlace()
    {
        await using var f = new HttpFixture(arrange: f => f.Action.RetryPolicy = Retries(1));
        using var client = f.Client();
        client.Send(Get);
        using var server = f.Upstream.Accept();
        server.ReadHead();
        // The route table shrinks to nothing while the request is under way.
        f.Config.RouteTables[0].VirtualHosts.Clear();
        f.Republish("digest-2");
        server.Send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal(503, client.ReadResponse().Status);
        Assert.Equal(0, f.Proxy.Metric("weft_loop_handler_failures_total"));
    }

    [Fact]
    public async Task WeightedClusters_ByRequestId_FallAsTheyFellBefore()
    {
        using var other = new RawServer();
        await using var f = new HttpFixture(arrange: f =>
        {
            f.Config.AddCluster("v2", other.Port);
            f.Action.Cluster = "";
            f.Action.WeightedClusters.Add(new WeightedClusterConfig { Cluster = "web", Weight = 90 });
            f.Action.WeightedClusters.Add(new WeightedClusterConfig { Cluster = "v2", Weight = 10 });
        });
        void Serve(RawPeer peer)
        {
            while (true)
            {
                peer.ReadHead();
                peer.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        }

        var serving = new[] { f.Upstream.ServeAsync(Serve), other.ServeAsync(Serve) };
        using var client = f.Client();
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < 300; i++)
            {
                client.Send($"GET / HTTP/1.1\r\nHost: h\r\nX-Request-Id: id-{i.ToString(CultureInfo.InvariantCulture)}\r\n\r\n");
                Assert.Equal(200, client.ReadResponse().Status);
            }
        }
        Wait.Until(() => f.Proxy.Log.Count == 600, () => $"{f.Proxy.Log.Count} lines");
        var chosen = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (string text in f.Proxy.Log)
        {
            var line = System.Text.Json.JsonDocument.Parse(text).RootElement;
            string id = line.GetProperty("request_id").GetString()!;
            if (!chosen.TryGetValue(id, out var clusters)) chosen[id] = clusters = [];
            clusters.Add(line.GetProperty("upstream_cluster").GetString()!);
        }
        Assert.All(chosen.Values, clusters => Assert.Single(clusters));
        Assert.InRange(chosen.Values.Count(c => c.Contains("v2")), 12, 55);
        f.Upstream.Dispose();
        other.Dispose();
        await Task.WhenAll(serving);
    }

    [Fact]
    public async Task HeaderOperations_OnRequestAndResponse_AreCarriedOut()
    {
        await using var f = new HttpFixture(arrange: f =>
        {
            var ops = f.Host.Routes[0].HeaderOps;
            ops.RequestAdd.Add(new HeaderAddConfig("x-from", "%REQ(user-agent)%", HeaderAppendAction.OverwriteIfExistsOrAdd));
            ops.RequestRemove.Add("x-secret");
            ops.ResponseAdd.Add(new HeaderAddConfig("x-code", "was %RESP(x-version)% for %REQ(:path)%", HeaderAppendAction.OverwriteIfExistsOrAdd));
            ops.ResponseRemove.Add("x-internal");
            f.Action.PrefixRewrite = "/new";
            f.Host.Routes[0].Path = "/old";
        });
        using var client = f.Client();
        client.Send("GET /old/a?q HTTP/1.1\r\nHost: h\r\nUser-Agent: me\r\nX-From: spoof\r\nX-Secret: 1\r\n\r\n");
        using var server = f.Upstream.Accept();
        string head = server.ReadHead();
        Assert.StartsWith("GET /new/a?q HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nx-from: me\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nx-envoy-original-path: /old/a\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("spoof", head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Secret", head, StringComparison.Ordinal);
        server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Version: 7\r\nX-Internal: 1\r\n\r\n");
        var response = client.ReadResponse();
        Assert.Equal(("was 7 for /old/a", null), (response.Header("x-code"), response.Header("x-internal")));
    }

    private static void AssertLogged(HttpFixture f, string flags, string details)
    {
        var line = f.Proxy.LogLine(l => l.GetProperty("response_flags").GetString() == flags);
        Assert.Equal(details, line.GetProperty("response_code_details").GetString());
    }
}
