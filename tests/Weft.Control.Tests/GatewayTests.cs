using System;
using System.Linq;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;

namespace Weft.Control.Tests;

/// <summary>HTTP gateways (istio.md 1.3, xds.md A.3).</summary>
public sealed class GatewayTests
{
    private const string Pod = """
        apiVersion: v1
        kind: Pod
        metadata: {name: gw-1, namespace: istio-system, labels: {istio: ingressgateway, security.istio.io/tlsMode: istio}}
        spec: {serviceAccountName: gw, containers: [{name: proxy}]}
        status: {phase: Running, podIP: 10.1.0.9, podIPs: [{ip: 10.1.0.9}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: istio-ingressgateway, namespace: istio-system}
        spec: {clusterIP: 10.96.0.9, selector: {istio: ingressgateway}, ports: [{name: http, port: 80, targetPort: 8080}]}
        """;

    [Fact]
    public void Server_Port_IsTheTargetPortOfTheGatewaysService()
    {
        ProxySnapshot snapshot = Derive(Gateway("'*'"), Rules("web", "'*'", "web"));

        Listener listener = TestMesh.Listener(snapshot, "0.0.0.0_8080");
        Assert.Equal(8080u, listener.Address.SocketAddress.PortValue);
        HttpConnectionManager manager = HttpConnectionManager.Parser.ParseFrom(Assert.Single(listener.FilterChains).Filters[0].TypedConfig.Value);
        Assert.Equal("http.8080", manager.Rds.RouteConfigName);
        Assert.True(manager.UseRemoteAddress);
        Assert.Equal("outbound|80||web.grid.svc.cluster.local", Assert.Single(Assert.Single(TestMesh.Hosts(snapshot, "http.8080")).Routes).Route_.Cluster);
        Assert.Null(snapshot.Find(XdsTypes.Listener, "virtualInbound"));
    }

    [Fact]
    public void Server_NobodyBound_AnswersNotFound()
    {
        VirtualHost host = Assert.Single(TestMesh.Hosts(Derive(Gateway("grid.example")), "http.8080"));

        Assert.Equal(("blackhole:8080", "*", 0), (host.Name, Assert.Single(host.Domains), host.Routes.Count));
    }

    [Fact]
    public void Hosts_ServerAndRulesOverlap_TheNarrowerNameIsServed()
    {
        ProxySnapshot snapshot = Derive(Gateway("'*.example'"), Rules("a", "a.example", "web"), Rules("b", "'*.b.example'", "web"), Rules("c", "other.test", "web"));

        Assert.Equal(["*.b.example", "a.example"], TestMesh.Hosts(snapshot, "http.8080").SelectMany(h => h.Domains).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Hosts_ServerNamesANamespace_OtherNamespacesDoNotBind()
    {
        ProxySnapshot snapshot = Derive(Gateway("ops/grid.example"), Rules("web", "grid.example", "web"));

        Assert.Equal("blackhole:8080", Assert.Single(TestMesh.Hosts(snapshot, "http.8080")).Name);
    }

    [Fact]
    public void Rules_OfOneHost_AreJoinedWithCatchAllsLast()
    {
        string all = Rules("a-all", "grid.example", "web");
        string api = Yaml.VirtualService("hosts: [grid.example]\ngateways: [public]\nhttp: [{match: [{uri: {prefix: /api}}], route: [{destination: {host: forecast}}]}]", "b-api");

        VirtualHost host = Assert.Single(TestMesh.Hosts(Derive(Gateway("grid.example"), all, api), "http.8080"));

        Assert.Equal(["/api", "/"], host.Routes.Select(r => r.Match.Prefix));
    }

    [Fact]
    public void Selector_OfAnotherGateway_OpensNothing()
    {
        ProxySnapshot snapshot = Derive(Gateway("'*'", "other"), Rules("web", "'*'", "web"));

        Assert.Empty(snapshot.Of(XdsTypes.Listener));
    }

    [Fact]
    public void Rules_BoundToAGateway_AreNotForSidecars()
    {
        TestMesh mesh = TestMesh.Of(Yaml.Join(Yaml.Grid, Pod, Gateway("'*'"), Rules("x", "forecast.grid.svc.cluster.local", "web")));

        Route route = Assert.Single(TestMesh.Host(mesh.Derive(TestMesh.Sidecar("web-1")), "8080", "forecast.grid.svc.cluster.local:8080").Routes);
        Assert.Equal("outbound|8080||forecast.grid.svc.cluster.local", route.Route_.Cluster);
    }

    private static ProxySnapshot Derive(params string[] objects)
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join([Yaml.Grid, Pod, .. objects])).Derive(TestMesh.Router("gw-1"));
        Enforced.ByTheProxy(snapshot);
        return snapshot;
    }

    private static string Gateway(string host, string selector = "ingressgateway") => $$"""
        apiVersion: networking.istio.io/v1
        kind: Gateway
        metadata: {name: public, namespace: grid}
        spec:
          selector: {istio: {{selector}}}
          servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [{{host}}]}]
        """;

    private static string Rules(string name, string host, string destination) =>
        Yaml.VirtualService($"hosts: [{host}]\ngateways: [public]\nhttp: [{{route: [{{destination: {{host: {destination}}}}}]}}]", name);
}
