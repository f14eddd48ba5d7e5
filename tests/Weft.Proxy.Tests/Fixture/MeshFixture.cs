using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Proxy.Discovery;
using Weft.Testing;

namespace Weft.Proxy.Tests.Fixture;

/// <summary>
/// Two proxies in one process: a gateway whose cluster is reached over mutual TLS, and a second one that terminates it (with the chains of a port that is
/// STRICT or PERMISSIVE) before a <see cref="RawServer"/>. What redirection does on a real machine, the addresses in the configuration do here.
/// </summary>
internal sealed class MeshFixture : IAsyncDisposable
{
    public const string ClientId = "spiffe://cluster.local/ns/grid/sa/client";
    public const string ServerId = "spiffe://cluster.local/ns/grid/sa/server";
    public const string Sni = "outbound_.8080_.v1_.web.grid.svc.cluster.local";

    private MeshFixture(int concurrency, bool isTcp, bool isStrict, string expectedServer)
    {
        ClientPort = RunningProxy.FreePort();
        ServerPort = RunningProxy.FreePort();
        Server = RunningProxy.Start(ServerConfig(isTcp, isStrict), concurrency, o => o with { Pod = "server-1", ServiceAccount = "server", Owner = "server" }, withIdentity: true);
        Client = RunningProxy.Start(ClientConfig(isTcp, expectedServer), concurrency, o => o with { Pod = "client-1", ServiceAccount = "client", Owner = "client" }, withIdentity: true);
        GiveIdentity(Server, ServerId);
        GiveIdentity(Client, ClientId);
    }

    public TestAuthority Authority { get; } = new();
    public int ClientPort { get; }
    public int ServerPort { get; }
    public RawServer Upstream { get; } = new();
    public RunningProxy Client { get; }
    public RunningProxy Server { get; }

    public static MeshFixture Start(int concurrency = 1, bool isTcp = false, bool isStrict = true, string expectedServer = ServerId) => new(concurrency, isTcp, isStrict, expectedServer);

    /// <summary>A certificate as discovery would bring it.</summary>
    public void GiveIdentity(RunningProxy proxy, string spiffeId, byte[]? bundle = null)
    {
        var (chain, key, certificate) = Authority.Issue(spiffeId);
        proxy.Host.OnIdentity(new WorkloadIdentity
        {
            SpiffeId = spiffeId,
            ChainPem = chain,
            KeyPem = key,
            BundlePem = bundle ?? Authority.RootPem,
            NotBefore = certificate.NotBefore,
            NotAfter = certificate.NotAfter,
            SerialNumber = certificate.SerialNumber,
        });
        certificate.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Server.DisposeAsync();
        Upstream.Dispose();
        Authority.Dispose();
    }

    private ConfigSet ClientConfig(bool isTcp, string expectedServer)
    {
        var config = new ConfigSet();
        if (isTcp) config.AddTcpGateway(ClientPort, "web");
        else
        {
            config.AddGateway(ClientPort, "routes");
            config.AddRoutes("routes", "web");
        }
        var cluster = config.AddCluster("web", ServerPort);
        var tls = new UpstreamTlsConfig { Sni = Sni, CertificateSecretName = "default", ValidationSecretName = "ROOTCA" };
        tls.AlpnProtocols.AddRange(isTcp ? ["istio-peer-exchange", "istio"] : ["istio-http/1.1", "istio", "http/1.1"]);
        tls.SubjectAltNames.Add(new StringMatchConfig(StringMatchKind.Exact, expectedServer));
        var match = new TransportSocketMatchConfig { Name = "tlsMode-istio", Tls = tls };
        match.Criteria.Add(new KeyValuePair<string, string>("tlsMode", "istio"));
        cluster.TransportSockets.Add(match);
        config.EndpointSets[0].Endpoints[0].SocketMatch.Add(new KeyValuePair<string, string>("tlsMode", "istio"));
        config.Workloads.Add(Workload("server"));
        return config;
    }

    private ConfigSet ServerConfig(bool isTcp, bool isStrict)
    {
        var config = new ConfigSet();
        config.AddRoutes("inbound", "app");
        config.AddCluster("app", Upstream.Port);
        var listener = new ListenerConfig { Name = "inbound", Address = new IpPort(IpAddress.LoopbackV4, ServerPort), Direction = TrafficDirection.Inbound };
        listener.ListenerFilters.Add(new ListenerFilterConfig { Kind = ListenerFilterKind.TlsInspector });
        FilterChainConfig Chain(string name, string transport, DownstreamTlsConfig? tls)
        {
            var chain = new FilterChainConfig { Name = name, Tls = tls };
            chain.Match.TransportProtocol = transport;
            if (isTcp) chain.Tcp = new TcpProxyConfig { StatPrefix = "inbound", Cluster = "app" };
            else
            {
                chain.Http = new HttpConnectionManagerConfig
                {
                    StatPrefix = "inbound",
                    RouteConfigName = "inbound",
                    ForwardClientCert = ForwardClientCertMode.AppendForward,
                    SetCurrentClientCert = ClientCertDetails.Subject | ClientCertDetails.Uri,
                };
            }
            return chain;
        }

        var server = new DownstreamTlsConfig { RequireClientCertificate = true, CertificateSecretName = "default", ValidationSecretName = "ROOTCA" };
        server.AlpnProtocols.Add("http/1.1");
        server.SubjectAltNames.Add(new StringMatchConfig(StringMatchKind.Prefix, "spiffe://cluster.local/"));
        listener.FilterChains.Add(Chain("mtls", "tls", server));
        listener.FilterChains[0].Origins.Add(new Origin("mtls", "PeerAuthentication", "grid", "default", "spec.mtls.mode"));
        if (!isStrict) listener.FilterChains.Add(Chain("plain", "raw_buffer", null));
        config.Listeners.Add(listener);
        config.Workloads.Add(Workload("client"));
        return config;
    }

    private static WorkloadConfig Workload(string name) => new()
    {
        Uid = $"Kubernetes//Pod/grid/{name}-1",
        Addresses = { IpAddress.LoopbackV4 },
        Name = $"{name}-1",
        Namespace = "grid",
        ServiceAccount = name,
        TrustDomain = "cluster.local",
        WorkloadName = name,
        CanonicalName = name,
        CanonicalRevision = "v7",
        App = name,
        Version = "v7",
        ClusterId = "Kubernetes",
    };
}
