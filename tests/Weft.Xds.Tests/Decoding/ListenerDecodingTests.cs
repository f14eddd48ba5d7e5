using System.Linq;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.HttpConnectionManager.V3;
using Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;

namespace Weft.Xds.Tests.Decoding;

public sealed class ListenerDecodingTests
{
    [Fact]
    public void Decode_ListenerAsWeftdSendsIt_IsAcceptedAndKeepsItsParts()
    {
        var decoded = Sample.Decode(Sample.HttpListener(), "0.0.0.0_8080");

        Assert.Empty(decoded.Problems);
        var view = new ListenerView(new BlockView(decoded.Image!.Bytes));
        Assert.Equal(8080, view.Root.Port);
        Assert.Equal(TrafficDirection.Outbound, view.Root.Direction);
        Assert.Equal(1, view.FilterChains.Length);
        Assert.Contains(decoded.References, r => r.Kind == BlockKind.RouteTable && r.Name == "8080");
        Assert.Contains(decoded.References, r => r.Kind == BlockKind.Cluster && r.Name == "PassthroughCluster");
    }

    [Fact]
    public void Decode_NetworkFilterOfUnknownType_IsRefusedWithTheFullPath()
    {
        var listener = Sample.HttpListener();
        listener.FilterChains[0].Filters.Insert(0, new Filter { Name = "x", TypedConfig = new Any { TypeUrl = "type.googleapis.com/envoy.filters.Unheard", Value = ByteString.Empty } });

        var decoded = Sample.Decode(listener, "0.0.0.0_8080");

        Assert.True(decoded.IsRefused);
        Assert.Contains("Listener 0.0.0.0_8080: filter_chains[0].filters[0].typed_config: unknown type envoy.filters.Unheard", decoded.ProblemLines());
    }

    [Fact]
    public void Decode_SeveralThingsWrong_ReportsEveryOneAtOnce()
    {
        var listener = Sample.HttpListener();
        listener.Address = null;
        listener.FilterChains[0].FilterChainMatch.DestinationPort = 70000;
        listener.DefaultFilterChain.Filters.Clear();

        var paths = Sample.Decode(listener, "0.0.0.0_8080").Problems.Select(p => p.FieldPath).ToArray();

        Assert.Contains("address", paths);
        Assert.Contains("filter_chains[0].filter_chain_match.destination_port", paths);
        Assert.Contains("default_filter_chain.filters", paths);
    }

    [Fact]
    public void Decode_TwoChainsWithTheSameMatch_IsRefused()
    {
        var listener = Sample.HttpListener();
        listener.FilterChains.Add(listener.FilterChains[0].Clone());

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath == "filter_chains[1].filter_chain_match");
    }

    [Fact]
    public void Decode_FilterAfterTheTerminalOne_IsRefused()
    {
        var listener = Sample.HttpListener();
        listener.FilterChains[0].Filters.Add(new Filter { TypedConfig = Sample.Pack(new TcpProxy { StatPrefix = "x", Cluster = "y" }) });

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath == "filter_chains[0].filters[1]" && p.Message.Contains("terminal", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_HttpManagerWithoutRouter_IsRefused()
    {
        var manager = Sample.HttpManager();
        manager.HttpFilters.Clear();
        var listener = Sample.HttpListener();
        listener.FilterChains[0].Filters[0].TypedConfig = Sample.Pack(manager);

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath == "filter_chains[0].filters[0].typed_config.http_filters");
    }

    [Fact]
    public void Decode_CodecThatWeDoNotSpeak_IsRefusedRatherThanAcknowledged()
    {
        var manager = Sample.HttpManager();
        manager.CodecType = HttpConnectionManager.Types.CodecType.Http2;
        var listener = Sample.HttpListener();
        listener.FilterChains[0].Filters[0].TypedConfig = Sample.Pack(manager);

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath.EndsWith("codec_type", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_DownstreamTls_KeepsSecretsAndNames()
    {
        var listener = Sample.HttpListener();
        listener.FilterChains[0].TransportSocket = new() { Name = "tls", TypedConfig = Sample.Pack(DownstreamTls()) };

        var decoded = Sample.Decode(listener, "0.0.0.0_8080");

        Assert.Empty(decoded.Problems);
        Assert.Contains(decoded.References, r => r.Kind == BlockKind.Secret && r.Name == "ROOTCA");
    }

    [Fact]
    public void Decode_TlsThatDoesNotVerifyItsClient_IsRefused()
    {
        var tls = DownstreamTls();
        tls.RequireClientCertificate = false;
        var listener = Sample.HttpListener();
        listener.FilterChains[0].TransportSocket = new() { Name = "tls", TypedConfig = Sample.Pack(tls) };

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath == "filter_chains[0].transport_socket.typed_config.require_client_certificate");
    }

    [Fact]
    public void Decode_PrivateKeyInATlsContext_IsRefused()
    {
        var tls = DownstreamTls();
        tls.CommonTlsContext.TlsCertificates.Add(new TlsCertificate { PrivateKey = new() { InlineString = "secret" } });
        var listener = Sample.HttpListener();
        listener.FilterChains[0].TransportSocket = new() { Name = "tls", TypedConfig = Sample.Pack(tls) };

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath.EndsWith("common_tls_context.tls_certificates", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Decode_PredicateThatIsNoSetOfPorts_IsRefused()
    {
        var listener = Sample.HttpListener();
        listener.ListenerFilters[0].FilterDisabled = new ListenerFilterChainMatchPredicate { AnyMatch = true };

        Assert.Contains(Sample.Decode(listener, "0.0.0.0_8080").Problems, p => p.FieldPath == "listener_filters[0].filter_disabled");
    }

    [Fact]
    public void Decode_AccessLog_IsIgnoredAndCounted()
    {
        var listener = Sample.HttpListener();
        var before = Sample.Decode(listener, "0.0.0.0_8080").IgnoredFields;
        listener.AccessLog.Add(new Weft.Xds.Proto.Config.AccessLog.V3.AccessLog { Name = "envoy.access_loggers.file" });

        var decoded = Sample.Decode(listener, "0.0.0.0_8080");

        Assert.Empty(decoded.Problems);
        Assert.Equal(before + 1, decoded.IgnoredFields);
    }

    [Fact]
    public void Decode_NameOfEnvelopeAndResourceDiffer_IsRefused() =>
        Assert.Contains(Sample.Decode(Sample.HttpListener(), "other").Problems, p => p.FieldPath == "name");

    private static DownstreamTlsContext DownstreamTls() => new()
    {
        RequireClientCertificate = true,
        CommonTlsContext = Sample.CommonTls("spiffe://cluster.local/"),
    };
}
