using System;
using System.Linq;
using System.Threading.Tasks;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Tests.Fixture;
using Weft.Testing;

namespace Weft.Proxy.Tests.Http;

/// <summary>
/// A sidecar's two capture sockets. Without redirection the original destination is the socket's own address, so a listener for that port stands for a
/// captured service.
/// </summary>
public sealed class CaptureTests
{
    private static ListenerConfig Capture(string name, int port, TrafficDirection direction, string passThrough)
    {
        var listener = new ListenerConfig { Name = name, Address = new IpPort(IpAddress.AnyV4, port), UseOriginalDestination = direction == TrafficDirection.Outbound, Direction = direction };
        listener.FilterChains.Add(new FilterChainConfig { Name = "catchall", Tcp = new TcpProxyConfig { StatPrefix = "catchall", Cluster = passThrough } });
        return listener;
    }

    private static RunningProxy Sidecar(int concurrency = 1) =>
        RunningProxy.Start(null, concurrency, o => o with { Role = ProxyRole.Sidecar, OutboundPort = 0, InboundPort = 0 });

    // A service's port whose protocol nobody declared: HTTP if it looks like it, TCP otherwise.
    private static ListenerConfig Sniffed(int port)
    {
        var listener = new ListenerConfig { Name = $"0.0.0.0_{port}", Address = new IpPort(IpAddress.AnyV4, port), BindToPort = false, Direction = TrafficDirection.Outbound };
        listener.ListenerFilters.Add(new ListenerFilterConfig { Kind = ListenerFilterKind.TlsInspector });
        listener.ListenerFilters.Add(new ListenerFilterConfig { Kind = ListenerFilterKind.HttpInspector });
        var http = new FilterChainConfig { Name = "http", Http = new HttpConnectionManagerConfig { StatPrefix = "out", RouteConfigName = "routes" } };
        http.Match.TransportProtocol = "raw_buffer";
        http.Match.ApplicationProtocols.Add("http/1.1");
        http.Match.ApplicationProtocols.Add("h2c");
        listener.FilterChains.Add(http);
        listener.DefaultFilterChain = new FilterChainConfig { Name = "tcp", Tcp = new TcpProxyConfig { StatPrefix = "tcp", Cluster = "tcp" } };
        return listener;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Outbound_UndeclaredPort_IsSniffedAsHttpOrTcpWithReasons(int concurrency)
    {
        using var web = new RawServer();
        using var tcp = new RawServer();
        await using var proxy = Sidecar(concurrency);
        var config = new ConfigSet();
        config.AddRoutes("routes", "web");
        config.AddCluster("web", web.Port);
        config.AddCluster("tcp", tcp.Port);
        config.Listeners.Add(Capture("virtualOutbound", 15001, TrafficDirection.Outbound, "nothing"));
        config.Listeners.Add(Sniffed(proxy.Host.OutboundPort));
        proxy.Host.Publish(config.Build(), "d");

        using (var http = RawPeer.Connect(proxy.Host.OutboundPort))
        {
            http.Drip("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
            using var server = web.Accept();
            Assert.Contains("Host: h", server.ReadHead(), StringComparison.Ordinal);
            server.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            Assert.Equal(200, http.ReadResponse().Status);
        }
        using (var redis = RawPeer.Connect(proxy.Host.OutboundPort))
        {
            redis.Send("*1\r\n$4\r\nPING\r\n");
            using var server = tcp.Accept();
            Assert.Equal("*1\r\n$4\r\nPING\r\n", server.ReadText(14));
        }
        using (var silent = RawPeer.Connect(proxy.Host.OutboundPort))
        {
            using var server = tcp.Accept();
            server.Send("hello");
            Assert.Equal("hello", silent.ReadText(5));
        }
        using (var h2 = RawPeer.Connect(proxy.Host.OutboundPort))
        {
            h2.Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            using var server = tcp.Accept();
            Assert.Equal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", server.ReadText(24));
        }
        Assert.Equal((1, 1, 1), (
            proxy.Metric("weft_protocol_detection_tcp_total", "not_http"),
            proxy.Metric("weft_protocol_detection_tcp_total", "silence"),
            proxy.Metric("weft_protocol_detection_tcp_total", "http2")));
    }

    [Fact]
    public async Task Outbound_NoListenerForThePort_PassesThroughToTheOriginalDestinationOrTheBlackHole()
    {
        using var target = new RawServer();
        await using var proxy = Sidecar();
        var config = new ConfigSet();
        config.Clusters.Add(new ClusterConfig { Name = "PassthroughCluster", Type = ClusterType.OriginalDestination, LoadBalancing = LoadBalancingPolicy.ClusterProvided, UpstreamPortOverride = target.Port, CircuitBreaker = CircuitBreakerConfig.Unlimited });
        config.Clusters.Add(new ClusterConfig { Name = "BlackHoleCluster", Type = ClusterType.Static });
        config.Listeners.Add(Capture("virtualOutbound", 15001, TrafficDirection.Outbound, "PassthroughCluster"));
        config.Listeners.Add(Capture("virtualInbound", 15006, TrafficDirection.Inbound, "BlackHoleCluster"));
        proxy.Host.Publish(config.Build(), "d");
        using (var client = RawPeer.Connect(proxy.Host.OutboundPort))
        {
            client.Send("anything");
            using var server = target.Accept();
            Assert.Equal("anything", server.ReadText(8));
        }
        using var refused = RawPeer.Connect(proxy.Host.InboundPort);
        Assert.True(refused.IsClosedByPeer());
        var line = proxy.LogLine(l => l.GetProperty("response_flags").GetString() == "UH");
        Assert.Equal(("no_healthy_upstream", "BlackHoleCluster"), (line.GetProperty("connection_termination_details").GetString(), line.GetProperty("upstream_cluster").GetString()));
    }

    [Fact]
    public async Task Inbound_PlaintextToAStrictPort_IsRefusedWithCounterReasonAndOrigin()
    {
        await using var proxy = Sidecar();
        var config = new ConfigSet();
        config.AddCluster("app", 1);
        var listener = new ListenerConfig { Name = "virtualInbound", Address = new IpPort(IpAddress.AnyV4, 15006), Direction = TrafficDirection.Inbound };
        listener.ListenerFilters.Add(new ListenerFilterConfig { Kind = ListenerFilterKind.TlsInspector });
        var chain = new FilterChainConfig { Name = "0.0.0.0_8080", Tls = new DownstreamTlsConfig { RequireClientCertificate = true, CertificateSecretName = "default", ValidationSecretName = "ROOTCA" }, Tcp = new TcpProxyConfig { StatPrefix = "in", Cluster = "app" } };
        chain.Match.TransportProtocol = "tls";
        chain.Match.DestinationPort = proxy.Host.InboundPort;
        chain.Origins.Add(new Origin("mtls", "PeerAuthentication", "grid", "default", "spec.mtls.mode"));
        listener.FilterChains.Add(chain);
        config.Listeners.Add(listener);
        proxy.Host.Publish(config.Build(), "d");

        using var client = RawPeer.Connect(proxy.Host.InboundPort);
        client.Send("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
        Assert.True(client.IsClosedByPeer());
        Assert.Equal(1, proxy.Metric("weft_inbound_plaintext_refused_total"));
        var line = proxy.LogLine();
        Assert.Equal(("NR", "plaintext_to_strict_port", "PeerAuthentication/grid/default:spec.mtls.mode"), (
            line.GetProperty("response_flags").GetString(), line.GetProperty("connection_termination_details").GetString(), line.GetProperty("origin").GetString()));
    }

    [Fact]
    public async Task Captured_BeforeTheFirstConfiguration_WaitsInTheBacklogAndIsThenServed()
    {
        using var target = new RawServer();
        await using var proxy = Sidecar();
        using var early = RawPeer.Connect(proxy.Host.OutboundPort);
        early.Send("early");
        Assert.True(early.IsSilent(TimeSpan.FromMilliseconds(50)));
        var config = new ConfigSet();
        config.AddCluster("tcp", target.Port);
        config.Listeners.Add(Capture("virtualOutbound", 15001, TrafficDirection.Outbound, "tcp"));
        proxy.Host.Publish(config.Build(), "d");
        using var server = target.Accept();
        Assert.Equal("early", server.ReadText(5));
    }

    [Fact]
    public async Task Tcp_SlowReader_HoldsTheSenderBack()
    {
        using var target = new RawServer();
        int port = RunningProxy.FreePort();
        var config = new ConfigSet();
        config.AddTcpGateway(port, "tcp");
        config.AddCluster("tcp", target.Port);
        await using var proxy = RunningProxy.Start(config);
        using var client = RawPeer.Connect(port);
        using var server = target.Accept();
        byte[] bytes = new byte[16 * 1024 * 1024];
        new Random(2).NextBytes(bytes);
        var sending = Task.Run(() => client.Send(bytes));
        Assert.Equal(bytes.AsSpan(0, 1000).ToArray(), server.ReadExactly(1000));
        Assert.InRange(proxy.Host.Workers[0].Loop.Slabs.BytesInUse, 0, 512 * 1024);
        Assert.True(server.ReadExactly(bytes.Length - 1000).AsSpan().SequenceEqual(bytes.AsSpan(1000)));
        await sending;
    }

    [Fact]
    public async Task Tcp_DeadEndpoint_IsTriedElsewhereAndThenReported()
    {
        int port = RunningProxy.FreePort();
        var config = new ConfigSet();
        config.AddTcpGateway(port, "tcp").MaxConnectAttempts = 2;
        config.AddCluster("tcp", RunningProxy.FreePort(), RunningProxy.FreePort());
        await using var proxy = RunningProxy.Start(config);
        using var client = RawPeer.Connect(port);
        Assert.True(client.IsClosedByPeer());
        var line = proxy.LogLine();
        Assert.Equal(("UF", "connect_failed", "ConnectFailed"), (line.GetProperty("response_flags").GetString(), line.GetProperty("connection_termination_details").GetString(), line.GetProperty("upstream_transport_failure_reason").GetString()));
        Assert.Equal(2, proxy.Metric("envoy_cluster_upstream_cx_connect_fail"));
        Wait.Until(() => proxy.Host.Active == 0, () => "something stays active");
    }
}
