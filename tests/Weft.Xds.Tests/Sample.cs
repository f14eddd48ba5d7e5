using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.Filters.Http.Router.V3;
using Weft.Xds.Proto.Extensions.Filters.Listener.HttpInspector.V3;
using Weft.Xds.Proto.Extensions.Filters.Listener.TlsInspector.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.RawBuffer.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;
using Weft.Xds.Proto.Types.Matcher.V3;

namespace Weft.Xds.Tests;

/// <summary>Resources as weftd sends them, small and valid; tests break one thing at a time.</summary>
internal static class Sample
{
    public const string ForecastCluster = "outbound|8080||forecast.grid.svc.cluster.local";

    public static ConfigSource Ads() => new() { Ads = new AggregatedConfigSource(), ResourceApiVersion = ApiVersion.V3, InitialFetchTimeout = new Duration() };

    public static Address Address(string host, uint port) => new() { SocketAddress = new SocketAddress { Address = host, PortValue = port } };

    public static Any Pack(IMessage message) => Any.Pack(message);

    public static HttpConnectionManager HttpManager(string routes = "8080") => new()
    {
        StatPrefix = $"outbound_0.0.0.0_{routes};",
        Rds = new Rds { ConfigSource = Ads(), RouteConfigName = routes },
        HttpFilters = { new HttpFilter { Name = "envoy.filters.http.router", TypedConfig = Pack(new Router()) } },
    };

    public static FilterChain Chain(IMessage filter) => new() { Filters = { new Filter { Name = "terminal", TypedConfig = Pack(filter) } } };

    public static Listener HttpListener(string name = "0.0.0.0_8080", uint port = 8080)
    {
        var chain = Chain(HttpManager());
        chain.FilterChainMatch = new FilterChainMatch { TransportProtocol = "raw_buffer", ApplicationProtocols = { "http/1.0", "http/1.1" } };
        return new Listener
        {
            Name = name,
            Address = Address("0.0.0.0", port),
            BindToPort = false,
            TrafficDirection = TrafficDirection.Outbound,
            ContinueOnListenerFiltersTimeout = true,
            ListenerFilters =
            {
                new ListenerFilter { Name = "tls", TypedConfig = Pack(new TlsInspector { InitialReadBufferSize = 512 }) },
                new ListenerFilter
                {
                    Name = "http",
                    TypedConfig = Pack(new HttpInspector()),
                    FilterDisabled = new ListenerFilterChainMatchPredicate { DestinationPortRange = new() { Start = 6379, End = 6380 } },
                },
            },
            FilterChains = { chain },
            DefaultFilterChain = Chain(new TcpProxy { StatPrefix = "Passthrough", Cluster = "PassthroughCluster" }),
        };
    }

    public static RouteConfiguration RouteTable(string name = "8080") => new()
    {
        Name = name,
        ValidateClusters = false,
        IgnorePortInHostMatching = true,
        Vhds = new Vhds { ConfigSource = Ads() },
    };

    public static VirtualHost Host(string name = "forecast.grid.svc.cluster.local:8080") => new()
    {
        Name = name,
        Domains = { "forecast.grid.svc.cluster.local", "forecast" },
        Routes =
        {
            new Route
            {
                Name = "canary",
                Match = new RouteMatch { Prefix = "/", Headers = { new HeaderMatcher { Name = "x-canary", StringMatch = new StringMatcher { Exact = "1" } } } },
                Route_ = new RouteAction
                {
                    WeightedClusters = new()
                    {
                        Clusters =
                        {
                            new Weft.Xds.Proto.Config.Route.V3.WeightedCluster.Types.ClusterWeight { Name = "outbound|8080|v1|forecast", Weight = 90 },
                            new Weft.Xds.Proto.Config.Route.V3.WeightedCluster.Types.ClusterWeight { Name = "outbound|8080|v2|forecast", Weight = 10 },
                        },
                    },
                    Timeout = new Duration(),
                    RetryPolicy = new RetryPolicy { RetryOn = "connect-failure,refused-stream,503", NumRetries = 2 },
                },
            },
            new Route { Name = "default", Match = new RouteMatch { Prefix = "/" }, Route_ = new RouteAction { Cluster = ForecastCluster } },
        },
    };

    public static Cluster EdsCluster(string name = ForecastCluster) => new()
    {
        Name = name,
        Type = Cluster.Types.DiscoveryType.Eds,
        EdsClusterConfig = new() { EdsConfig = Ads() },
        ConnectTimeout = Duration.FromTimeSpan(System.TimeSpan.FromSeconds(10)),
        LbPolicy = Cluster.Types.LbPolicy.LeastRequest,
        TransportSocketMatches =
        {
            new Cluster.Types.TransportSocketMatch
            {
                Name = "tlsMode-istio",
                Match = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } },
                TransportSocket = new TransportSocket { Name = "tls", TypedConfig = Pack(UpstreamTls()) },
            },
            new Cluster.Types.TransportSocketMatch
            {
                Name = "tlsMode-disabled",
                Match = new Struct(),
                TransportSocket = new TransportSocket { Name = "raw", TypedConfig = Pack(new RawBuffer()) },
            },
        },
    };

    public static UpstreamTlsContext UpstreamTls() => new()
    {
        Sni = "outbound_.8080_._.forecast.grid.svc.cluster.local",
        CommonTlsContext = CommonTls("spiffe://cluster.local/ns/grid/sa/forecast"),
    };

    public static CommonTlsContext CommonTls(string san) => new()
    {
        AlpnProtocols = { "istio-http/1.1", "istio", "http/1.1" },
        TlsCertificateSdsSecretConfigs = { new SdsSecretConfig { Name = "default", SdsConfig = Ads() } },
        CombinedValidationContext = new()
        {
            DefaultValidationContext = new() { MatchTypedSubjectAltNames = { new SubjectAltNameMatcher { SanType = SubjectAltNameMatcher.Types.SanType.Uri, Matcher = new StringMatcher { Exact = san } } } },
            ValidationContextSdsSecretConfig = new SdsSecretConfig { Name = "ROOTCA", SdsConfig = Ads() },
        },
    };

    public static ClusterLoadAssignment Endpoints(string name = ForecastCluster, params string[] hosts)
    {
        var locality = new LocalityLbEndpoints { Locality = new Locality { Region = "local" } };
        foreach (var host in hosts)
        {
            locality.LbEndpoints.Add(new LbEndpoint
            {
                Endpoint = new Endpoint { Address = Address(host, 8080) },
                HealthStatus = HealthStatus.Healthy,
                Metadata = new Metadata
                {
                    FilterMetadata = { ["envoy.transport_socket_match"] = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } } },
                },
            });
        }

        return new ClusterLoadAssignment { ClusterName = name, Endpoints = { locality } };
    }

    public static Secret RootCa(string pem) => new()
    {
        Name = "ROOTCA",
        ValidationContext = new CertificateValidationContext { TrustedCa = new DataSource { InlineBytes = ByteString.CopyFromUtf8(pem) } },
    };

    public static DecodedResource Decode(IMessage message, string name) =>
        ResourceDecoder.Decode(XdsTypes.Prefix + message.Descriptor.FullName, name, message.ToByteArray());
}
