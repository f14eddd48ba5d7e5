using System.Collections.Generic;
using Google.Protobuf.WellKnownTypes;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.RawBuffer.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;
using Weft.Xds.Proto.Types.Matcher.V3;

namespace Weft.Control.Derivation;

/// <summary>Mutual TLS between proxies, as transport sockets (xds.md A.1, A.2). Pure.</summary>
internal static class TlsContexts
{
    private const string TlsName = "envoy.transport_sockets.tls";
    private const string RawName = "envoy.transport_sockets.raw_buffer";

    /// <summary>AEAD with forward secrecy only; TLS 1.3 has its own.</summary>
    private static readonly string[] Ciphers =
    [
        "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256",
    ];

    /// <summary>What a client offers for requests; server chains are chosen by it.</summary>
    public static readonly string[] HttpAlpn = ["istio-http/1.1", "istio", "http/1.1"];

    /// <summary>What a client offers for opaque bytes.</summary>
    public static readonly string[] TcpAlpn = ["istio-peer-exchange", "istio"];

    private static readonly string[] Http2Alpn = ["istio-h2", "istio", "h2"];

    public static TransportSocket RawBuffer() => new() { Name = RawName, TypedConfig = MetadataWriter.Pack(new RawBuffer()) };

    /// <summary>Client side: our certificate, their identity out of <paramref name="spiffeIds"/>, any of the trust bundle when empty.</summary>
    public static TransportSocket Upstream(string sni, IEnumerable<string> spiffeIds, WireProtocol protocol)
    {
        var names = new CertificateValidationContext();
        foreach (string id in spiffeIds)
        {
#pragma warning disable CS0612 // The deprecated field is the one that istiod and so every Istio peer uses (xds.md A.1).
            names.MatchSubjectAltNames.Add(new StringMatcher { Exact = id });
#pragma warning restore CS0612
        }

        var context = new UpstreamTlsContext { Sni = sni, CommonTlsContext = Common(names) };
        context.CommonTlsContext.AlpnProtocols.AddRange(protocol switch { WireProtocol.Http1 => HttpAlpn, WireProtocol.Http2 => Http2Alpn, _ => TcpAlpn });
        return new TransportSocket { Name = TlsName, TypedConfig = MetadataWriter.Pack(context) };
    }

    /// <summary>Server side: a client certificate of the mesh is required.</summary>
    public static TransportSocket Downstream(MeshSettings settings, bool isHttp, Dialect dialect)
    {
        var names = new CertificateValidationContext();
#pragma warning disable CS0612
        names.MatchSubjectAltNames.Add(new StringMatcher { Prefix = $"spiffe://{settings.TrustDomain}/" });
#pragma warning restore CS0612
        var context = new DownstreamTlsContext { RequireClientCertificate = true, CommonTlsContext = Common(names) };
        context.CommonTlsContext.TlsParams.CipherSuites.AddRange(Ciphers);
        string[] alpn = (isHttp, dialect == Dialect.Weft) switch
        {
            (true, true) => ["http/1.1"],
            (true, false) => ["h2", "http/1.1"],
            (false, true) => ["istio-peer-exchange", "http/1.1"],
            (false, false) => ["istio-peer-exchange", "h2", "http/1.1"],
        };
        context.CommonTlsContext.AlpnProtocols.AddRange(alpn);
        return new TransportSocket { Name = TlsName, TypedConfig = MetadataWriter.Pack(context) };
    }

    private static CommonTlsContext Common(CertificateValidationContext names) => new()
    {
        TlsParams = new TlsParameters
        {
            TlsMinimumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv12,
            TlsMaximumProtocolVersion = TlsParameters.Types.TlsProtocol.Tlsv13,
        },
        TlsCertificateSdsSecretConfigs = { Sds(Names.OwnCertificate) },
        CombinedValidationContext = new CommonTlsContext.Types.CombinedCertificateValidationContext
        {
            DefaultValidationContext = names,
            ValidationContextSdsSecretConfig = Sds(Names.RootCa),
        },
    };

    private static SdsSecretConfig Sds(string name) => new() { Name = name, SdsConfig = FromAds() };

    /// <summary>"Over this same stream; wait for it."</summary>
    public static ConfigSource FromAds() => new()
    {
        Ads = new AggregatedConfigSource(),
        InitialFetchTimeout = Duration.FromTimeSpan(System.TimeSpan.Zero),
        ResourceApiVersion = ApiVersion.V3,
    };
}
