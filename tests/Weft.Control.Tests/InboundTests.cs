using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Security;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3;

namespace Weft.Control.Tests;

/// <summary>What a workload accepts: the matrix of xds.md A.1 and PeerAuthentication's levels (istio.md 1.6).</summary>
public sealed class InboundTests
{
    public static TheoryData<string, string, string[]> Matrix => new()
    {
        { "http", "PERMISSIVE", ["tls [istio istio-peer-exchange istio-http/1.0 istio-http/1.1 istio-h2] http mtls", "raw_buffer [] http"] },
        { "http", "STRICT", ["tls [] http mtls"] },
        { "http", "DISABLE", ["raw_buffer [] http"] },
        { "tcp", "PERMISSIVE", ["tls [istio istio-peer-exchange istio-http/1.0 istio-http/1.1 istio-h2] tcp mtls", "raw_buffer [] tcp", "tls [] tcp"] },
        { "tcp", "STRICT", ["tls [] tcp mtls"] },
        { "tcp", "DISABLE", ["raw_buffer [] tcp"] },
        { "grpc", "STRICT", ["tls [] tcp mtls"] },
        {
            "any", "PERMISSIVE",
            [
                "tls [istio-http/1.0 istio-http/1.1] http mtls", "raw_buffer [http/1.0 http/1.1] http",
                "tls [istio-peer-exchange istio] tcp mtls", "raw_buffer [] tcp", "tls [] tcp",
            ]
        },
        { "any", "STRICT", ["tls [istio-http/1.0 istio-http/1.1] http mtls", "tls [] tcp mtls"] },
        { "any", "DISABLE", ["raw_buffer [http/1.0 http/1.1] http", "raw_buffer [] tcp"] },
    };

    [Theory]
    [MemberData(nameof(Matrix))]
    public void Chains_ProtocolAndMode_FollowTheMatrix(string portName, string mode, string[] expected)
    {
        string yaml = Yaml.Grid.Replace("ports: [{name: http, port: 8080, targetPort: 8080}]", $"ports: [{{name: {portName}, port: 8080, targetPort: 8080}}]", StringComparison.Ordinal);
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Join(yaml, Yaml.PeerAuthentication($"mtls: {{mode: {mode}}}"))).Derive(TestMesh.Sidecar("forecast-1"));

        Assert.Equal(expected, Chains(snapshot, 8080));
        Enforced.ByTheProxy(snapshot);
    }

    [Fact]
    public void Modes_MeshNamespaceWorkloadPort_TheNarrowestWins()
    {
        string mesh = Yaml.PeerAuthentication("mtls: {mode: STRICT}", "mesh", "istio-system");
        string own = Yaml.PeerAuthentication("mtls: {mode: PERMISSIVE}");
        string workload = Yaml.PeerAuthentication("selector: {matchLabels: {app: forecast}}\nmtls: {mode: UNSET}\nportLevelMtls: {\"8080\": {mode: DISABLE}, \"9999\": {mode: STRICT}}", "forecast");

        Assert.Equal(["tls [] http mtls"], Chains(Derive(mesh), 8080));
        Assert.Equal(2, Chains(Derive(mesh, own), 8080).Length);
        Assert.Equal(["raw_buffer [] http"], Chains(Derive(mesh, own, workload), 8080));

        // A port that no service describes has its own chains too.
        Assert.Equal(["tls [istio-http/1.0 istio-http/1.1] http mtls", "tls [] tcp mtls"], Chains(Derive(mesh, own, workload), 9999));
    }

    [Fact]
    public void Modes_SeveralAtOneLevel_TheOldestWins()
    {
        string older = Yaml.PeerAuthentication("mtls: {mode: DISABLE}", "z").Replace("name: z,", "name: z, creationTimestamp: \"2026-01-01T00:00:00Z\",", StringComparison.Ordinal);
        string newer = Yaml.PeerAuthentication("mtls: {mode: STRICT}", "a").Replace("name: a,", "name: a, creationTimestamp: \"2026-02-01T00:00:00Z\",", StringComparison.Ordinal);

        Assert.Equal(["raw_buffer [] http"], Chains(Derive(newer, older), 8080));
    }

    [Fact]
    public void Modes_SelectorInTheRootNamespace_DoesNotCountElsewhere()
    {
        string root = Yaml.PeerAuthentication("selector: {matchLabels: {app: forecast}}\nmtls: {mode: DISABLE}", "x", "istio-system");

        Assert.Equal(2, Chains(Derive(root), 8080).Length);
    }

    [Fact]
    public void Modes_BrokenPolicyWithoutALastGoodOne_MeansStrictForWhatItSelects()
    {
        string broken = Yaml.PeerAuthentication("selector: {matchLabels: {app: forecast}}\nmtls: {mode: SOMETIMES}");
        TestMesh mesh = TestMesh.Of(Yaml.Join(Yaml.Grid, broken));

        Assert.Single(mesh.State.Refused);
        Assert.Equal(["tls [] http mtls"], Chains(mesh.Derive(TestMesh.Sidecar("forecast-1")), 8080));
        Assert.Equal(2, Chains(mesh.Derive(TestMesh.Sidecar("web-1")), 8080).Length);
    }

    [Fact]
    public void Denial_AuthorizationPolicyThatCannotBeTaken_LetsNothingThrough()
    {
        const string policy = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: only-web, namespace: grid}
            spec: {selector: {matchLabels: {app: forecast}}, rules: [{from: [{source: {principals: ["cluster.local/ns/grid/sa/web"]}}]}]}
            """;
        TestMesh mesh = TestMesh.Of(Yaml.Join(Yaml.Grid, policy));
        Listener denied = TestMesh.Listener(mesh.Derive(TestMesh.Sidecar("forecast-1")), "virtualInbound");
        Listener other = TestMesh.Listener(mesh.Derive(TestMesh.Sidecar("web-1")), "virtualInbound");

        Assert.Equal(403u, Manager(denied, 8080).RouteConfig.VirtualHosts[0].Routes[0].DirectResponse.Status);
        Assert.All(denied.FilterChains.SelectMany(c => c.Filters).Where(f => f.Name.EndsWith("tcp_proxy", StringComparison.Ordinal)),
            f => Assert.Equal("BlackHoleCluster", TcpProxy.Parser.ParseFrom(f.TypedConfig.Value).Cluster));
        Assert.Equal("inbound|8080||", Manager(other, 8080).RouteConfig.VirtualHosts[0].Routes[0].Route_.Cluster);
    }

    [Fact]
    public void NamedTargetPort_IsTheContainersNumber()
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Grid).Derive(TestMesh.Sidecar("web-1"));

        Assert.NotEmpty(Chains(snapshot, 8080));
        Assert.NotNull(snapshot.Find(XdsTypes.Cluster, "inbound|8080||"));
    }

    [Fact]
    public void Replicas_ShareTheInboundSide()
    {
        string two = Yaml.Grid.Replace("version: v2", "version: v1", StringComparison.Ordinal);
        TestMesh mesh = TestMesh.Of(two);

        ProxySnapshot one = mesh.Derive(TestMesh.Sidecar("forecast-1"));
        ProxySnapshot other = mesh.Derive(TestMesh.Sidecar("forecast-2"));

        Assert.Equal(one.Digest, other.Digest);
        Assert.Same(one.Find(XdsTypes.Listener, "virtualInbound"), other.Find(XdsTypes.Listener, "virtualInbound"));
    }

    [Fact]
    public void DefaultMode_OfTheMesh_AppliesWhereNobodySpeaks()
    {
        ProxySnapshot snapshot = TestMesh.Of(Yaml.Grid, TestMesh.Settings with { DefaultMutualTls = MutualTlsMode.Strict }).Derive(TestMesh.Sidecar("forecast-1"));

        Assert.Equal(["tls [] http mtls"], Chains(snapshot, 8080));
    }

    private static ProxySnapshot Derive(params string[] policies) => TestMesh.Of(Yaml.Join([Yaml.Grid, .. policies])).Derive(TestMesh.Sidecar("forecast-1"));

    private static string[] Chains(ProxySnapshot snapshot, int port) =>
    [
        .. TestMesh.Listener(snapshot, "virtualInbound").FilterChains.Where(c => c.FilterChainMatch.DestinationPort == port).Select(c =>
            $"{c.FilterChainMatch.TransportProtocol} [{string.Join(' ', c.FilterChainMatch.ApplicationProtocols)}] "
            + (c.Filters[0].Name.EndsWith("tcp_proxy", StringComparison.Ordinal) ? "tcp" : "http") + (c.TransportSocket is null ? "" : " mtls")),
    ];

    private static HttpConnectionManager Manager(Listener listener, int port)
    {
        IEnumerable<FilterChain> chains = listener.FilterChains.Where(c => c.FilterChainMatch.DestinationPort == port && c.Filters[0].Name.EndsWith("http_connection_manager", StringComparison.Ordinal));
        return HttpConnectionManager.Parser.ParseFrom(chains.First().Filters[0].TypedConfig.Value);
    }
}
