using System;
using System.Linq;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;
using LbPolicy = Weft.Xds.Proto.Config.Cluster.V3.Cluster.Types.LbPolicy;

namespace Weft.Control.Tests;

/// <summary>DestinationRules and automatic mutual TLS (istio.md 1.2).</summary>
public sealed class DestinationRuleTests
{
    private const string Name = "outbound|8080||forecast.grid.svc.cluster.local";
    private const string V1 = "outbound|8080|v1|forecast.grid.svc.cluster.local";
    private const string V2 = "outbound|8080|v2|forecast.grid.svc.cluster.local";

    [Fact]
    public void Subset_OverridesBlockByBlock()
    {
        ProxySnapshot snapshot = Derive("""
            host: forecast
            trafficPolicy:
              loadBalancer: {simple: ROUND_ROBIN}
              connectionPool: {tcp: {maxConnections: 7}, http: {http1MaxPendingRequests: 8, http2MaxRequests: 9, maxRetries: 10, maxRequestsPerConnection: 11}}
            subsets:
            - {name: v1, labels: {version: v1}}
            - {name: v2, labels: {version: v2}, trafficPolicy: {loadBalancer: {simple: RANDOM}}}
            """);

        Assert.Equal(LbPolicy.RoundRobin, TestMesh.Cluster(snapshot, V1).LbPolicy);
        Cluster second = TestMesh.Cluster(snapshot, V2);
        Assert.Equal(LbPolicy.Random, second.LbPolicy);
        CircuitBreakers.Types.Thresholds limits = second.CircuitBreakers.Thresholds[0];
        Assert.Equal((7u, 8u, 9u, 10u), (limits.MaxConnections!.Value, limits.MaxPendingRequests!.Value, limits.MaxRequests!.Value, limits.MaxRetries!.Value));
    }

    [Fact]
    public void Subset_HasOnlyItsEndpoints()
    {
        ProxySnapshot snapshot = Derive("host: forecast\nsubsets: [{name: v1, labels: {version: v1}}]");

        Assert.Equal("10.1.0.2", Assert.Single(Assert.Single(TestMesh.Endpoints(snapshot, V1).Endpoints).LbEndpoints).Endpoint.Address.SocketAddress.Address);
        Assert.Equal(2, TestMesh.Endpoints(snapshot, Name).Endpoints[0].LbEndpoints.Count);
    }

    [Fact]
    public void PortLevel_ReplacesEverything()
    {
        ProxySnapshot snapshot = Derive("""
            host: forecast
            trafficPolicy:
              loadBalancer: {simple: RANDOM}
              connectionPool: {tcp: {maxConnections: 7}}
              portLevelSettings: [{port: {number: 8080}, loadBalancer: {simple: ROUND_ROBIN}}]
            """);

        Cluster cluster = TestMesh.Cluster(snapshot, Name);
        Assert.Equal(LbPolicy.RoundRobin, cluster.LbPolicy);
        Assert.Equal(uint.MaxValue, cluster.CircuitBreakers.Thresholds[0].MaxConnections);
    }

    [Fact]
    public void Lookup_ClientNamespaceThenServiceThenRoot_LevelsAreNotMerged()
    {
        string service = Yaml.DestinationRule("host: forecast\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}");
        string client = Yaml.DestinationRule("host: forecast.grid.svc.cluster.local\ntrafficPolicy: {connectionPool: {tcp: {maxConnections: 3}}}", "mine", "ops");
        string root = Yaml.DestinationRule("host: '*.svc.cluster.local'\ntrafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}", "all", "istio-system");
        TestMesh mesh = TestMesh.Of(Yaml.Join(Yaml.Grid, service, client, root));

        Assert.Equal(LbPolicy.Random, TestMesh.Cluster(mesh.Derive(TestMesh.Sidecar("web-1")), Name).LbPolicy);
        Cluster fromOps = TestMesh.Cluster(mesh.Derive(TestMesh.Sidecar("x", "ops")), Name);
        Assert.Equal((LbPolicy.LeastRequest, 3u), (fromOps.LbPolicy, fromOps.CircuitBreakers.Thresholds[0].MaxConnections!.Value));
        Assert.Equal(LbPolicy.RoundRobin, TestMesh.Cluster(mesh.Derive(TestMesh.Sidecar("web-1")), "outbound|80||web.grid.svc.cluster.local").LbPolicy);
    }

    [Fact]
    public void Lookup_WithinALevel_TheMostSpecificHostWins()
    {
        string wide = Yaml.DestinationRule("host: '*.grid.svc.cluster.local'\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}", "a-wide");
        string exact = Yaml.DestinationRule("host: forecast\ntrafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}}", "z-exact");

        Assert.Equal(LbPolicy.RoundRobin, TestMesh.Cluster(TestMesh.Of(Yaml.Join(Yaml.Grid, wide, exact)).Derive(TestMesh.Sidecar("web-1")), Name).LbPolicy);
    }

    [Fact]
    public void SameHost_SubsetsAreJoinedAndARepeatedNameIsIgnored()
    {
        string first = Yaml.DestinationRule("host: forecast\nsubsets: [{name: v1, labels: {version: v1}}]", "a");
        string second = Yaml.DestinationRule("host: forecast\nsubsets: [{name: v1, labels: {version: v2}}, {name: v2, labels: {version: v2}}]", "b");

        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, first, second)).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal("10.1.0.2", TestMesh.Endpoints(snapshot, V1).Endpoints[0].LbEndpoints[0].Endpoint.Address.SocketAddress.Address);
        Assert.NotNull(snapshot.Find(XdsTypes.Cluster, V2));
    }

    [Fact]
    public void AutomaticMutualTls_EndpointWithSidecar_IsMatchedByItsLabelAndNamed()
    {
        Cluster cluster = TestMesh.Cluster(TestMesh.Of(Yaml.Grid).Derive(TestMesh.Sidecar("web-1")), Name);

        Assert.Equal(["tlsMode-istio", "tlsMode-disabled"], cluster.TransportSocketMatches.Select(m => m.Name));
        UpstreamTlsContext context = UpstreamTlsContext.Parser.ParseFrom(cluster.TransportSocketMatches[0].TransportSocket.TypedConfig.Value);
        Assert.Equal("outbound_.8080_._.forecast.grid.svc.cluster.local", context.Sni);
        Assert.Equal(["istio-http/1.1", "istio", "http/1.1"], context.CommonTlsContext.AlpnProtocols);
#pragma warning disable CS0612
        Assert.Equal("spiffe://cluster.local/ns/grid/sa/forecast", Assert.Single(context.CommonTlsContext.CombinedValidationContext.DefaultValidationContext.MatchSubjectAltNames).Exact);
#pragma warning restore CS0612
    }

    [Fact]
    public void AutomaticMutualTls_PolicyWithoutTls_IsKept()
    {
        Assert.Equal(2, TestMesh.Cluster(Derive("host: forecast\ntrafficPolicy: {loadBalancer: {simple: RANDOM}}"), Name).TransportSocketMatches.Count);
    }

    [Fact]
    public void Tls_Disable_IsPlaintext()
    {
        Cluster cluster = TestMesh.Cluster(Derive("host: forecast\ntrafficPolicy: {tls: {mode: DISABLE}}"), Name);

        Assert.Empty(cluster.TransportSocketMatches);
        Assert.Null(cluster.TransportSocket);
    }

    [Fact]
    public void Tls_IstioMutual_IsForEveryEndpoint()
    {
        Cluster cluster = TestMesh.Cluster(Derive("host: forecast\ntrafficPolicy: {tls: {mode: ISTIO_MUTUAL}}"), Name);

        Assert.Empty(cluster.TransportSocketMatches);
        Assert.Equal("envoy.transport_sockets.tls", cluster.TransportSocket.Name);
    }

    [Fact]
    public void Endpoint_WithoutSidecar_HasNoTlsMode()
    {
        string plain = Yaml.Grid.Replace("labels: {app: forecast, version: v2, security.istio.io/tlsMode: istio}", "labels: {app: forecast, version: v2}", StringComparison.Ordinal);
        ProxySnapshot snapshot = TestMesh.Of(plain).Derive(TestMesh.Sidecar("web-1"));

        Assert.Equal(
            [true, false],
            TestMesh.Endpoints(snapshot, Name).Endpoints[0].LbEndpoints.Select(e => e.Metadata.FilterMetadata.ContainsKey("envoy.transport_socket_match")));
    }

    [Fact]
    public void Endpoint_PortOfItsWorkloadIsDisabled_HasNoTlsMode()
    {
        string policy = Yaml.PeerAuthentication("selector: {matchLabels: {app: forecast}}\nportLevelMtls: {\"8080\": {mode: DISABLE}}");
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, policy)).Derive(TestMesh.Sidecar("web-1"));

        Assert.All(TestMesh.Endpoints(snapshot, Name).Endpoints[0].LbEndpoints, e => Assert.False(e.Metadata.FilterMetadata.ContainsKey("envoy.transport_socket_match")));
    }

    [Fact]
    public void Headless_EveryPodAddressIsAListenerButOnesOwn()
    {
        string headless = Yaml.Join(
            Yaml.Grid,
            """
            apiVersion: v1
            kind: Service
            metadata: {name: peers, namespace: grid}
            spec: {clusterIP: None, selector: {app: forecast}, ports: [{name: tcp-gossip, port: 7000, targetPort: 7000}]}
            """,
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: peers-a, namespace: grid, labels: {kubernetes.io/service-name: peers}}
            addressType: IPv4
            ports: [{name: tcp-gossip, port: 7000, protocol: TCP}]
            endpoints:
            - {addresses: [10.1.0.2], targetRef: {kind: Pod, name: forecast-1, namespace: grid}, conditions: {ready: true}}
            - {addresses: [10.1.0.3], targetRef: {kind: Pod, name: forecast-2, namespace: grid}, conditions: {ready: true}}
            """);
        TestMesh mesh = TestMesh.Of(headless);

        ProxySnapshot web = mesh.Derive(TestMesh.Sidecar("web-1"));
        ProxySnapshot forecast = mesh.Derive(TestMesh.Sidecar("forecast-1"));

        Assert.Equal(["10.1.0.2_7000", "10.1.0.3_7000"], TestMesh.NamesOf(web, XdsTypes.Listener).Where(n => n.EndsWith("_7000", StringComparison.Ordinal)));
        Assert.Equal("10.1.0.3_7000", Assert.Single(TestMesh.NamesOf(forecast, XdsTypes.Listener), n => n.EndsWith("_7000", StringComparison.Ordinal)));
        Assert.Equal("envoy.transport_sockets.tls", TestMesh.Cluster(web, "outbound|7000||peers.grid.svc.cluster.local").TransportSocket.Name);
        Enforced.ByTheProxy(web);
    }

    private static ProxySnapshot Derive(string spec)
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(Yaml.Grid, Yaml.DestinationRule(spec))).Derive(TestMesh.Sidecar("web-1"));
        Enforced.ByTheProxy(snapshot);
        return snapshot;
    }
}
