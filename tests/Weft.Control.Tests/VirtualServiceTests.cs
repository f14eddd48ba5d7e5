using System;
using System.Linq;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Tests;

/// <summary>VirtualServices as sidecars see them (istio.md 1.1).</summary>
public sealed class VirtualServiceTests
{
    private const string Forecast = "forecast.grid.svc.cluster.local";

    [Fact]
    public void Routes_WeightsAndMatches_ComeInOrderAndStopAfterACatchAll()
    {
        ProxySnapshot snapshot = Derive("""
            hosts: [forecast]
            http:
            - match: [{headers: {x-canary: {exact: "1"}}}, {uri: {prefix: /beta/}}]
              route: [{destination: {host: forecast, subset: v2}}]
            - route:
              - {destination: {host: forecast, subset: v1}, weight: 9}
              - {destination: {host: forecast, subset: v2}, weight: 1}
              - {destination: {host: forecast, subset: v3}, weight: 0}
            - route: [{destination: {host: web}}]
            """);

        VirtualHost host = TestMesh.Host(snapshot, "8080", Forecast + ":8080");
        Assert.Equal(3, host.Routes.Count);
        Assert.Equal("x-canary", host.Routes[0].Match.Headers[0].Name);
        Assert.Equal("/beta/", host.Routes[1].Match.Prefix);
        Assert.Equal([("outbound|8080|v1|" + Forecast, 9u), ("outbound|8080|v2|" + Forecast, 1u)], host.Routes[2].Route_.WeightedClusters.Clusters.Select(c => (c.Name, c.Weight!.Value)));
    }

    [Fact]
    public void Domains_SameNamespace_HasShortNamesAndAddress()
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Grid).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal([Forecast, Forecast + ".", "forecast", "forecast.grid.svc", "forecast.grid", "10.96.0.2"], TestMesh.Host(snapshot, "8080", Forecast + ":8080").Domains);
    }

    [Fact]
    public void Domains_OtherNamespace_HasNoBareName()
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Grid).Derive(TestMesh.Sidecar("report-1", "ops"));

        Assert.DoesNotContain("forecast", TestMesh.Host(snapshot, "8080", Forecast + ":8080").Domains);
        Assert.Contains("forecast.grid", TestMesh.Host(snapshot, "8080", Forecast + ":8080").Domains);
    }

    [Fact]
    public void Routes_NothingWritten_HaveTheDefaultRetriesAndNoTimeout()
    {
        Route route = Assert.Single(TestMesh.Host(TestMesh.Of(Yaml.Grid).Derive(TestMesh.Sidecar("web-1")), "8080", Forecast + ":8080").Routes);

        Assert.Equal(0, route.Route_.Timeout.Seconds);
        Assert.Equal(2u, route.Route_.RetryPolicy.NumRetries);
        Assert.Equal("connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", route.Route_.RetryPolicy.RetryOn);
        Assert.Equal("envoy.retry_host_predicates.previous_hosts", route.Route_.RetryPolicy.RetryHostPredicate[0].Name);
    }

    [Fact]
    public void Routes_RetriesTimeoutRewriteHeaders_AreCarried()
    {
        Route route = OnlyRoute("""
            hosts: [forecast]
            http:
            - match: [{uri: {prefix: /api}}]
              timeout: 2s
              retries: {attempts: 3, perTryTimeout: 500ms, retryOn: "connect-failure,503,429"}
              rewrite: {uri: /v2, authority: inner.example}
              headers: {request: {set: {x-a: "1"}, add: {x-b: "2"}, remove: [x-c]}, response: {remove: [server]}}
              route: [{destination: {host: forecast, port: {number: 8080}}}]
            """);

        Assert.Equal(2, route.Route_.Timeout.Seconds);
        Assert.Equal("connect-failure,retriable-status-codes", route.Route_.RetryPolicy.RetryOn);
        Assert.Equal([503u, 429u], route.Route_.RetryPolicy.RetriableStatusCodes);
        Assert.Equal(500_000_000, route.Route_.RetryPolicy.PerTryTimeout.Nanos);
        Assert.Equal(("/v2", "inner.example"), (route.Route_.PrefixRewrite, route.Route_.HostRewriteLiteral));
        Assert.Equal(["x-a", "x-b"], route.RequestHeadersToAdd.Select(h => h.Header.Key));
        Assert.Equal("x-c", Assert.Single(route.RequestHeadersToRemove));
        Assert.Equal("server", Assert.Single(route.ResponseHeadersToRemove));
    }

    [Fact]
    public void Routes_RetriesOfZeroAttempts_AreNone() =>
        Assert.Null(OnlyRoute("hosts: [forecast]\nhttp: [{retries: {attempts: 0}, route: [{destination: {host: forecast}}]}]").Route_.RetryPolicy);

    [Fact]
    public void Routes_HostAmongHeaderOperations_RewritesTheAuthority()
    {
        Route route = OnlyRoute("hosts: [forecast]\nhttp: [{headers: {request: {set: {host: other.example}}}, route: [{destination: {host: forecast}}]}]");

        Assert.Equal("other.example", route.Route_.HostRewriteLiteral);
        Assert.Empty(route.RequestHeadersToAdd);
    }

    [Theory]
    [InlineData("{redirect: {uri: /home, authority: www.example, redirectCode: 302}}", "www.example", "/home", 0u)]
    [InlineData("{redirect: {scheme: https, port: 443}}", "", "", 0u)]
    [InlineData("{redirect: {scheme: https, port: 8443}}", "", "", 8443u)]
    public void Routes_Redirect_ElidesDefaultPorts(string rule, string host, string path, uint port)
    {
        RedirectAction redirect = OnlyRoute($"hosts: [forecast]\nhttp: [{rule}]").Redirect;

        Assert.Equal((host, path, port), (redirect.HostRedirect, redirect.PathRedirect, redirect.PortRedirect));
    }

    [Fact]
    public void Routes_DirectResponse_AnswersByItself()
    {
        Route route = OnlyRoute("hosts: [forecast]\nhttp: [{directResponse: {status: 418, body: {string: teapot}}}]");

        Assert.Equal((418u, "teapot"), (route.DirectResponse.Status, route.DirectResponse.Body.InlineString));
    }

    [Fact]
    public void Routes_UnknownSubset_NameAClusterThatIsNotThere()
    {
        ProxySnapshot snapshot = Derive("hosts: [forecast]\nhttp: [{route: [{destination: {host: forecast, subset: nope}}]}]");

        string cluster = Assert.Single(TestMesh.Host(snapshot, "8080", Forecast + ":8080").Routes).Route_.Cluster;
        Assert.Equal("outbound|8080|nope|" + Forecast, cluster);
        Assert.Null(snapshot.Find(XdsTypes.Cluster, cluster));
    }

    [Theory]
    [InlineData("sourceLabels: {app: web}", true)]
    [InlineData("sourceLabels: {app: other}", false)]
    [InlineData("sourceNamespace: grid", true)]
    [InlineData("sourceNamespace: ops", false)]
    [InlineData("port: 8080", true)]
    [InlineData("port: 9999", false)]
    [InlineData("gateways: [mesh]", true)]
    [InlineData("gateways: [some/gateway]", false)]
    public void Routes_WhatTheClientIs_IsDecidedBeforehand(string match, bool isKept)
    {
        ProxySnapshot snapshot = Derive($$$"""
            hosts: [forecast]
            http:
            - match: [{ {{{match}}}, uri: {prefix: /special} }]
              route: [{destination: {host: web, port: {number: 80} } }]
            - route: [{destination: {host: forecast}}]
            """);

        Assert.Equal(isKept, TestMesh.Host(snapshot, "8080", Forecast + ":8080").Routes.Any(r => r.Match.Prefix == "/special"));
    }

    [Fact]
    public void Rules_ForOneHost_TheOlderWinsWhole()
    {
        string older = Yaml.VirtualService("hosts: [forecast]\nhttp: [{name: older, route: [{destination: {host: forecast}}]}]", "z-older")
            .Replace("name: z-older,", "name: z-older, creationTimestamp: \"2026-01-01T00:00:00Z\",", StringComparison.Ordinal);
        string newer = Yaml.VirtualService("hosts: [forecast]\nhttp: [{name: newer, route: [{destination: {host: forecast}}]}]", "a-newer")
            .Replace("name: a-newer,", "name: a-newer, creationTimestamp: \"2026-02-01T00:00:00Z\",", StringComparison.Ordinal);

        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, newer, older)).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal("older", Assert.Single(TestMesh.Host(snapshot, "8080", Forecast + ":8080").Routes).Name);
    }

    [Fact]
    public void Rules_WithoutTimestamps_TheNameDecides()
    {
        string b = Yaml.VirtualService("hosts: [forecast]\nhttp: [{name: b, route: [{destination: {host: forecast}}]}]", "b");
        string a = Yaml.VirtualService("hosts: [forecast]\nhttp: [{name: a, route: [{destination: {host: forecast}}]}]", "a");

        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, b, a)).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal("a", Assert.Single(TestMesh.Host(snapshot, "8080", Forecast + ":8080").Routes).Name);
    }

    [Fact]
    public void Rules_NotExportedHere_DoNotApply()
    {
        string elsewhere = Yaml.VirtualService("hosts: [forecast.grid.svc.cluster.local]\nexportTo: [.]\nhttp: [{name: ops, route: [{destination: {host: forecast.grid.svc.cluster.local}}]}]", "ops", "ops");
        TestMesh mesh = TestMesh.Of(Yaml.Join(Yaml.Grid, elsewhere));

        Assert.Equal("default", Assert.Single(TestMesh.Host(mesh.Derive(TestMesh.Sidecar("web-1")), "8080", Forecast + ":8080").Routes).Name);
        Assert.Equal("ops", Assert.Single(TestMesh.Host(mesh.Derive(TestMesh.Sidecar("x", "ops")), "8080", Forecast + ":8080").Routes).Name);
    }

    [Fact]
    public void Rules_Wildcard_ApplyWhereNothingMoreSpecificIs()
    {
        string wide = Yaml.VirtualService("hosts: ['*.svc.cluster.local']\nhttp: [{name: wide, route: [{destination: {host: web}}]}]", "a-wide");
        string narrow = Yaml.VirtualService("hosts: ['*.grid.svc.cluster.local']\nhttp: [{name: narrow, route: [{destination: {host: web}}]}]", "b-narrow");

        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, wide, narrow)).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal("narrow", Assert.Single(TestMesh.Host(snapshot, "8080", Forecast + ":8080").Routes).Name);
    }

    [Theory]
    [InlineData(true, "allow_any")]
    [InlineData(false, "block_all")]
    public void CatchAll_UnknownHosts_PassOrAreBlocked(bool mayPass, string name)
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Grid, TestMesh.Settings with { AllowUnknownDestinations = mayPass }).Derive(TestMesh.Sidecar("web-1"));

        Route route = Assert.Single(TestMesh.Host(snapshot, "8080", name).Routes);
        Assert.Equal(mayPass ? "PassthroughCluster" : "", route.Route_?.Cluster ?? "");
        Assert.Equal(mayPass ? 0u : 502u, route.DirectResponse?.Status ?? 0);
        Assert.Equal(
            mayPass ? "PassthroughCluster" : "BlackHoleCluster",
            Tcp(TestMesh.Listener(snapshot, "virtualOutbound").FilterChains.Single(c => c.Name == "virtualOutbound-catchall-tcp").Filters[0]));
    }

    [Fact]
    public void Provenance_EveryPartOfARoute_NamesItsField()
    {
        Route route = OnlyRoute("""
            hosts: [forecast]
            http:
            - match: [{uri: {prefix: /x}}]
              timeout: 1s
              route:
              - {destination: {host: forecast, subset: v1}, weight: 1}
              - {destination: {host: forecast, subset: v2}, weight: 1}
            """);

        var provenance = Xds.Proto.WeftV1.Provenance.Parser.ParseFrom(route.Metadata.TypedFilterMetadata["weft.dev/provenance"].Value);
        Assert.Equal(
            [
                ("", "spec.http[0]"), ("match[0]", "spec.http[0].match[0]"), ("weight[0]", "spec.http[0].route[0]"), ("weight[1]", "spec.http[0].route[1]"),
                ("timeout", "spec.http[0].timeout"), ("retries", "defaultHttpRetryPolicy"),
            ],
            provenance.Origins.Select(o => (o.Aspect, o.FieldPath)));
        Assert.All(provenance.Origins.Take(5), o => Assert.Equal(("VirtualService", "grid", "forecast"), (o.Kind, o.Namespace, o.Name)));
    }

    private static ProxySnapshot Derive(string spec)
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, Yaml.VirtualService(spec))).Derive(TestMesh.Sidecar("web-1"));
        Enforced.ByTheProxy(snapshot);
        return snapshot;
    }

    private static Route OnlyRoute(string spec) => Assert.Single(TestMesh.Host(Derive(spec), "8080", Forecast + ":8080").Routes);

    private static string Tcp(Xds.Proto.Config.Listener.V3.Filter filter) =>
        Xds.Proto.Extensions.Filters.Network.TcpProxy.V3.TcpProxy.Parser.ParseFrom(filter.TypedConfig.Value).Cluster;
}
