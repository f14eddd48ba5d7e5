using System.Linq;
using Google.Protobuf;
using Weft.Policy.Blocks;
using Weft.Xds.Proto.Config.Cluster.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;
using Weft.Xds.Proto.Extensions.Upstreams.Http.V3;

namespace Weft.Xds.Tests.Decoding;

public sealed class ClusterDecodingTests
{
    [Fact]
    public void Decode_ClusterAsWeftdSendsIt_IsAcceptedAndNamesEndpointsAndRoots()
    {
        var decoded = Sample.Decode(Sample.EdsCluster(), Sample.ForecastCluster);

        Assert.Empty(decoded.Problems);
        Assert.Contains(decoded.References, r => r.Kind == BlockKind.EndpointSet && r.Name == Sample.ForecastCluster);
        Assert.Contains(decoded.References, r => r.Kind == BlockKind.Secret && r.Name == "ROOTCA");
    }

    [Theory]
    [InlineData("dns", "type")]
    [InlineData("ring hash", "lb_policy")]
    [InlineData("no eds config", "eds_cluster_config")]
    [InlineData("zero connect timeout", "connect_timeout")]
    [InlineData("one choice", "least_request_lb_config.choice_count")]
    [InlineData("two thresholds", "circuit_breakers.thresholds[1].priority")]
    [InlineData("no protocol", "typed_extension_protocol_options")]
    [InlineData("http2", "typed_extension_protocol_options.explicit_http_config.http2_protocol_options")]
    [InlineData("unverified server", "transport_socket_matches[0].transport_socket.typed_config.common_tls_context.combined_validation_context")]
    [InlineData("foreign certificate", "transport_socket_matches[0].transport_socket.typed_config.common_tls_context.tls_certificate_sds_secret_configs[0].name")]
    [InlineData("old tls", "transport_socket_matches[0].transport_socket.typed_config.common_tls_context.tls_params.tls_minimum_protocol_version")]
    public void Decode_ClusterBrokenInOnePlace_IsRefusedAtThatField(string what, string path)
    {
        var cluster = Sample.EdsCluster();
        Break(cluster, what);

        var decoded = Sample.Decode(cluster, Sample.ForecastCluster);

        Assert.True(decoded.IsRefused);
        Assert.Contains(path, decoded.Problems.Select(p => p.FieldPath));
    }

    [Fact]
    public void Decode_FieldThatWeDoNotKnow_IsRefusedByItsNumberAndPlace()
    {
        // Cluster.lrs_server is known by name; 60 is nothing yet.
        byte[] bytes = [.. Sample.EdsCluster().ToByteArray(), 0xe0, 0x03, 0x01];

        var decoded = ResourceDecoder.Decode(XdsTypes.Cluster, Sample.ForecastCluster, bytes);

        Assert.Contains($"Cluster {Sample.ForecastCluster}: #60: unknown field 60 of envoy.config.cluster.v3.Cluster", decoded.ProblemLines());
    }

    [Fact]
    public void Decode_OutlierDetection_IsRefusedByName()
    {
        // outlier_detection = 19, an empty message: Envoy would take its defaults, we would do nothing.
        byte[] bytes = [.. Sample.EdsCluster().ToByteArray(), 0x9a, 0x01, 0x00];

        Assert.Contains(ResourceDecoder.Decode(XdsTypes.Cluster, Sample.ForecastCluster, bytes).Problems, p => p.FieldPath == "outlier_detection");
    }

    [Fact]
    public void Decode_Endpoints_KeepAddressesHealthAndSocketMatch()
    {
        var decoded = Sample.Decode(Sample.Endpoints(Sample.ForecastCluster, "10.244.0.7", "fd00::7"), Sample.ForecastCluster);

        Assert.Empty(decoded.Problems);
        Assert.Equal(2, new EndpointSetView(new BlockView(decoded.Image!.Bytes)).Endpoints.Length);
    }

    [Theory]
    [InlineData("name for an address", "endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address")]
    [InlineData("zero weight", "endpoints[0].lb_endpoints[0].load_balancing_weight")]
    [InlineData("priority gap", "endpoints")]
    public void Decode_EndpointsBrokenInOnePlace_AreRefusedAtThatField(string what, string path)
    {
        var set = Sample.Endpoints(Sample.ForecastCluster, "10.244.0.7");
        if (what == "name for an address") set.Endpoints[0].LbEndpoints[0].Endpoint.Address.SocketAddress.Address = "forecast";
        if (what == "zero weight") set.Endpoints[0].LbEndpoints[0].LoadBalancingWeight = 0;
        if (what == "priority gap") set.Endpoints[0].Priority = 1;

        Assert.Contains(path, Sample.Decode(set, Sample.ForecastCluster).Problems.Select(p => p.FieldPath));
    }

    [Fact]
    public void Decode_SecretWithAPrivateKey_IsRefused()
    {
        var secret = new Secret { Name = "default", TlsCertificate = new TlsCertificate { PrivateKey = new() { InlineString = "x" } } };

        Assert.Contains(Sample.Decode(secret, "default").Problems, p => p.FieldPath == "tls_certificate");
    }

    [Fact]
    public void Decode_TrustBundleThatCannotBeRead_IsRefused() =>
        Assert.Contains(Sample.Decode(Sample.RootCa("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), "ROOTCA").Problems, p => p.FieldPath == "validation_context.trusted_ca");

    private static void Break(Cluster cluster, string what)
    {
        switch (what)
        {
            case "dns": cluster.Type = Cluster.Types.DiscoveryType.StrictDns; break;
            case "ring hash": cluster.LbPolicy = Cluster.Types.LbPolicy.RingHash; break;
            case "no eds config": cluster.EdsClusterConfig = null; break;
            case "zero connect timeout": cluster.ConnectTimeout = new(); break;
            case "one choice": cluster.LeastRequestLbConfig = new() { ChoiceCount = 1 }; break;
            case "two thresholds": cluster.CircuitBreakers = new() { Thresholds = { new CircuitBreakers.Types.Thresholds(), new CircuitBreakers.Types.Thresholds() } }; break;
            case "no protocol": SetOptions(cluster, new HttpProtocolOptions()); break;
            case "http2": SetOptions(cluster, new HttpProtocolOptions { ExplicitHttpConfig = new() { Http2ProtocolOptions = new() } }); break;
            case "unverified server": SetTls(cluster, tls => tls.CommonTlsContext.CombinedValidationContext = null); break;
            case "foreign certificate": SetTls(cluster, tls => tls.CommonTlsContext.TlsCertificateSdsSecretConfigs[0].Name = "other"); break;
            case "old tls": SetTls(cluster, tls => tls.CommonTlsContext.TlsParams = new() { TlsMinimumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv10 }); break;
        }
    }

    private static void SetOptions(Cluster cluster, HttpProtocolOptions options) =>
        cluster.TypedExtensionProtocolOptions["envoy.extensions.upstreams.http.v3.HttpProtocolOptions"] = Sample.Pack(options);

    private static void SetTls(Cluster cluster, System.Action<UpstreamTlsContext> change)
    {
        var tls = Sample.UpstreamTls();
        change(tls);
        cluster.TransportSocketMatches[0].TransportSocket.TypedConfig = Sample.Pack(tls);
    }
}
