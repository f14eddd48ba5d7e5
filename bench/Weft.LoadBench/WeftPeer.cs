using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.Filters.Http.Router.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;
using Weft.Xds.Proto.Types.Matcher.V3;

namespace Weft.LoadBench;

/// <summary>weft-proxy as it runs in a mesh (metrics, access-log ring, provenance, limits on), fed by the fixture control plane.</summary>
internal sealed class WeftPeer : IAsyncDisposable
{
    private readonly FixtureServer _server;

    private WeftPeer(FixtureServer server, IReadOnlyList<Measured> processes) => (_server, Processes) = (server, processes);

    public IReadOnlyList<Measured> Processes { get; }

    public FixtureServer Server => _server;

    public static async Task<WeftPeer> StartAsync(string root, string folder, Ports ports, int extraServices = 0)
    {
        FixtureServer server = await FixtureServer.StartAsync(Ports.Discovery, folder);
        IEnumerable<(string, IMessage)> extra = Enumerable.Range(0, extraServices).SelectMany(Extra);
        server.Set("front",
        [
            .. ClusterOf("plain", Ports.BackendPlain, tls: false), .. ClusterOf("mtls", Ports.BackendTls, tls: true), .. ClusterOf("pair", ports.PairBack, tls: true),
            .. ListenerOf("plain", ports.Plain, "plain", tls: false), .. ListenerOf("mtls", ports.Mtls, "mtls", tls: false), .. ListenerOf("pair", ports.Pair, "pair", tls: false),
            .. extra, Root(folder),
        ]);
        server.Set("back", [.. ClusterOf("plain", Ports.BackendPlain, tls: false), .. ListenerOf("inbound", ports.PairBack, "plain", tls: true), Root(folder)]);
        return new(server, [Start(root, folder, "front", ports.Admin), Start(root, folder, "back", ports.AdminBack)]);
    }

    /// <summary>The endpoints of one of the extra services; <paramref name="turn"/> moves one address, so that each push is a change.</summary>
    public static ClusterLoadAssignment ExtraEndpoints(int service, int turn) =>
        Endpoints($"extra-{service}", [.. Enumerable.Range(0, 5).Select(i => ($"10.{service / 250}.{service % 250}.{(i == 0 ? (turn % 200) + 10 : i)}", 8080))]);

    public async ValueTask DisposeAsync()
    {
        foreach (Measured process in Processes)
        {
            process.Dispose();
        }

        await _server.DisposeAsync();
    }

    private static Measured Start(string root, string folder, string pod, int adminPort)
    {
        string token = Path.Combine(folder, "token");
        File.WriteAllText(token, "bench");
        ProcessStartInfo start = new("taskset",
        [
            "-c", "1", Path.Combine(root, "out", "bin", "weft-proxy"), "--role", "router", "--pod", pod, "--namespace", "bench", "--service-account", "bench",
            "--address", "127.0.0.1", "--discovery", $"127.0.0.1:{Ports.Discovery}", "--discovery-plaintext", "true", "--root-cert", Path.Combine(folder, "ca.pem"),
            "--token-file", token, "--mark", "0", "--concurrency", "1", "--admin-address", $"127.0.0.1:{adminPort}", "--status-port", "0", "--metrics-port", "0", "--dns-port", "0",
            "--admin-socket", Path.Combine(folder, pod + ".sock"), "--drain-seconds", "1", "--access-log", "false",
        ]);
        return new("weft-" + pod, Process.Start(start) ?? throw new InvalidOperationException("weft-proxy did not start"));
    }

    private static IEnumerable<(string, IMessage)> Extra(int service) =>
        [(($"extra-{service}"), Eds($"extra-{service}", null)), ($"extra-{service}", ExtraEndpoints(service, 0))];

    private static IEnumerable<(string, IMessage)> ClusterOf(string name, int port, bool tls) =>
        [(name, Eds(name, tls ? Socket(new UpstreamTlsContext { Sni = "bench", CommonTlsContext = Common() }) : null)), (name, Endpoints(name, [("127.0.0.1", port)]))];

    private static Cluster Eds(string name, TransportSocket? socket) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = Ads(), ServiceName = name },
        ConnectTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(5)),
        LbPolicy = Cluster.Types.LbPolicy.LeastRequest,
        TransportSocket = socket,
    };

    private static ClusterLoadAssignment Endpoints(string name, (string Address, int Port)[] addresses)
    {
        LocalityLbEndpoints locality = new() { Locality = new() };
        locality.LbEndpoints.AddRange(addresses.Select(address => new LbEndpoint
        {
            Endpoint = new() { Address = AddressOf(address.Address, address.Port) },
            HealthStatus = HealthStatus.Healthy,
        }));
        return new() { ClusterName = name, Endpoints = { locality } };
    }

    private static IEnumerable<(string, IMessage)> ListenerOf(string name, int port, string cluster, bool tls)
    {
        Any manager = Any.Pack(new HttpConnectionManager
        {
            StatPrefix = name,
            Rds = new() { ConfigSource = Ads(), RouteConfigName = name },
            HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Any.Pack(new Router()) } },
        });
        FilterChain chain = new() { Filters = { new Filter { Name = "envoy.filters.network.http_connection_manager", TypedConfig = manager } } };
        if (tls)
        {
            chain.TransportSocket = Socket(new DownstreamTlsContext { RequireClientCertificate = true, CommonTlsContext = Common() });
        }

        RouteConfiguration routes = new()
        {
            Name = name,
            VirtualHosts = { new VirtualHost { Name = "all", Domains = { "*" }, Routes = { new Route { Match = new() { Prefix = "/" }, Route_ = new() { Cluster = cluster } } } } },
        };
        return [(name, new Listener { Name = name, Address = AddressOf("127.0.0.1", port), FilterChains = { chain } }), (name, routes)];
    }

    private static (string, IMessage) Root(string folder) => ("ROOTCA", new Secret
    {
        Name = "ROOTCA",
        ValidationContext = new() { TrustedCa = new() { InlineBytes = ByteString.CopyFrom(File.ReadAllBytes(Path.Combine(folder, "ca.pem"))) } },
    });

    private static CommonTlsContext Common() => new()
    {
        TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "default", SdsConfig = Ads() } },
        CombinedValidationContext = new()
        {
            DefaultValidationContext = new() { MatchTypedSubjectAltNames = { new SubjectAltNameMatcher { SanType = SubjectAltNameMatcher.Types.SanType.Uri, Matcher = new StringMatcher { Prefix = "spiffe://cluster.local/" } } } },
            ValidationContextSdsSecretConfig = new() { Name = "ROOTCA", SdsConfig = Ads() },
        },
    };

    private static TransportSocket Socket(IMessage context) => new() { Name = "envoy.transport_sockets.tls", TypedConfig = Any.Pack(context) };

    private static ConfigSource Ads() => new() { Ads = new(), ResourceApiVersion = ApiVersion.V3 };

    private static Address AddressOf(string address, int port) => new() { SocketAddress = new() { Address = address, PortValue = (uint)port } };
}
