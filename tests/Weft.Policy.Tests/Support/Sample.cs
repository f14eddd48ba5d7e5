using System;
using System.Collections.Generic;
using Weft.Policy.Model;

namespace Weft.Policy.Tests.Support;

/// <summary>One of each kind with most fields set, for round trips and dumps.</summary>
internal static class Sample
{
    public static VirtualHostConfig VirtualHost()
    {
        RouteConfig split = Grid.Split("/v1", ("a", 90), ("b", 10));
        split.Name = "split";
        split.Headers.Add(new HeaderMatcherConfig { Name = "x-canary", Value = new StringMatchConfig(StringMatchKind.SafeRegex, "v[0-9]+") });
        split.QueryParameters.Add(new QueryMatcherConfig { Name = "q", Kind = QueryMatchKind.Present });
        RouteActionConfig action = split.Forward!;
        action.Timeout = TimeLimit.From(TimeSpan.FromMilliseconds(1500));
        action.RetryPolicy = new RetryPolicyConfig { RetryOn = RetryOn.ConnectFailure | RetryOn.RefusedStream, NumRetries = 2, ExcludePreviousHosts = true };
        action.RetryPolicy.RetriableStatusCodes.Add(503);
        action.PrefixRewrite = "/v2";
        action.WeightedClusters[0].Headers.RequestAdd.Add(new HeaderAddConfig("x-subset", "a"));
        split.HeaderOps.RequestAdd.Add(new HeaderAddConfig("x-from", "%REQ(X-A?X-B):5% 100%%", HeaderAppendAction.OverwriteIfExistsOrAdd));
        split.HeaderOps.ResponseRemove.Add("server");
        split.Origins.Add(new Origin("", "VirtualService", "grid", "forecast", "spec.http[0]"));
        split.Origins.Add(new Origin("timeout", "VirtualService", "grid", "forecast", "spec.http[0].timeout"));
        VirtualHostConfig host = Grid.VirtualHost(
            "forecast",
            split,
            new RouteConfig { Path = "/old", Redirect = new RedirectConfig { PathRedirect = "/new", ResponseCode = 308 } },
            new RouteConfig { Path = "/no", DirectResponse = new DirectResponseConfig { Status = 503, Body = "no"u8.ToArray() } });
        host.IncludeRequestAttemptCount = true;
        host.Origins.Add(new Origin("", "Service", "grid", "forecast", ""));
        return host;
    }

    public static ClusterConfig Cluster()
    {
        ClusterConfig cluster = Grid.Eds("outbound|8080|v1|forecast.grid.svc.cluster.local");
        cluster.ConnectTimeout = TimeLimit.From(TimeSpan.FromSeconds(10));
        cluster.CircuitBreaker = CircuitBreakerConfig.Unlimited;
        cluster.Subset = "v1";
        cluster.Services.Add(new ServiceMetadata("forecast.grid.svc.cluster.local", "forecast", "grid"));
        var tls = new UpstreamTlsConfig { Sni = "outbound_.8080_.v1_.forecast.grid.svc.cluster.local", CertificateSecretName = "default", ValidationSecretName = "ROOTCA" };
        tls.AlpnProtocols.AddRange(["istio-http/1.1", "istio", "http/1.1"]);
        tls.SubjectAltNames.Add(new StringMatchConfig(StringMatchKind.Exact, "spiffe://cluster.local/ns/grid/sa/forecast"));
        var istio = new TransportSocketMatchConfig { Name = "tlsMode-istio", Tls = tls };
        istio.Criteria.Add(new KeyValuePair<string, string>("tlsMode", "istio"));
        cluster.TransportSockets.Add(istio);
        cluster.TransportSockets.Add(new TransportSocketMatchConfig { Name = "tlsMode-disabled" });
        return cluster;
    }

    public static ListenerConfig Listener()
    {
        var listener = new ListenerConfig
        {
            Name = "virtualInbound",
            Address = new IpPort(IpAddress.AnyV4, 15006),
            Direction = TrafficDirection.Inbound,
            ContinueOnListenerFiltersTimeout = true,
        };
        listener.ListenerFilters.Add(new ListenerFilterConfig { Kind = ListenerFilterKind.OriginalDestination });
        var inspector = new ListenerFilterConfig { Kind = ListenerFilterKind.HttpInspector };
        inspector.DisabledPorts.Add(new PortRange(6379, 6380));
        inspector.DisabledPorts.Add(new PortRange(8080, 8081));
        listener.ListenerFilters.Add(inspector);
        listener.FilterChains.Add(new FilterChainConfig
        {
            Name = "0.0.0.0_8080",
            Match = new FilterChainMatchConfig { DestinationPort = 8080, TransportProtocol = "tls" },
            Tls = MutualTls(),
            Http = Http("inbound|8080||"),
        });
        listener.FilterChains.Add(new FilterChainConfig
        {
            Name = "virtualInbound-blackhole",
            Match = new FilterChainMatchConfig { DestinationPort = 15006 },
            Tcp = new TcpProxyConfig { StatPrefix = "BlackHoleCluster", Cluster = "BlackHoleCluster" },
        });
        return listener;
    }

    public static DownstreamTlsConfig MutualTls()
    {
        var tls = new DownstreamTlsConfig { RequireClientCertificate = true, CertificateSecretName = "default", ValidationSecretName = "ROOTCA" };
        tls.SubjectAltNames.Add(new StringMatchConfig(StringMatchKind.Prefix, "spiffe://cluster.local/"));
        return tls;
    }

    public static HttpConnectionManagerConfig Http(string cluster)
    {
        var routes = new RouteTableConfig { Name = cluster };
        VirtualHostConfig host = Grid.VirtualHost("inbound|http|8080", Grid.Route("/", cluster, "default"));
        host.Domains.Clear();
        host.Domains.Add("*");
        routes.VirtualHosts.Add(host);
        return new HttpConnectionManagerConfig { StatPrefix = "inbound_0.0.0.0_8080;", InlineRoutes = routes };
    }
}
