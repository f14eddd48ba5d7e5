using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.WellKnownTypes;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Extensions.Filters.Listener.HttpInspector.V3;
using Weft.Xds.Proto.Extensions.Filters.Listener.OriginalDst.V3;
using Weft.Xds.Proto.Extensions.Filters.Listener.TlsInspector.V3;
using Weft.Xds.Proto.Types.V3;

namespace Weft.Control.Derivation;

/// <summary>Parts that listeners of all directions are made of. Pure.</summary>
internal static class ListenerParts
{
    public const string RawBuffer = "raw_buffer";
    public const string Tls = "tls";

    /// <summary>What a detected HTTP connection is called. Without HTTP/2 a client that speaks it with prior knowledge is opaque TCP; weft-proxy takes HTTP/1.0 too.</summary>
    public static string[] PlaintextHttp(Dialect dialect) => dialect == Dialect.Weft ? ["http/1.0", "http/1.1"] : ["http/1.1", "h2c"];

    /// <summary>What a proxy offers for requests. HTTP/2 of another proxy is opaque to weft-proxy until it has a codec for it.</summary>
    public static string[] MeshHttpAlpn(Dialect dialect) =>
        dialect == Dialect.Weft ? ["istio-http/1.0", "istio-http/1.1"] : ["istio-http/1.0", "istio-http/1.1", "istio-h2"];

    /// <summary>What a proxy offers for opaque bytes.</summary>
    public static readonly string[] MeshTcpAlpn = ["istio-peer-exchange", "istio"];

    /// <summary>Anything that only a proxy of the mesh offers.</summary>
    public static readonly string[] MeshAlpn = ["istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2"];

    public static Address Address(string address, int port) =>
        new() { SocketAddress = new SocketAddress { Address = address, PortValue = (uint)port } };

    public static FilterChainMatch Match(int port = 0, string transport = "", params IEnumerable<string> protocols)
    {
        var match = new FilterChainMatch { TransportProtocol = transport };
        if (port > 0)
        {
            match.DestinationPort = (uint)port;
        }

        match.ApplicationProtocols.AddRange(protocols);
        return match;
    }

    public static ListenerFilter OriginalDst() =>
        new() { Name = "envoy.filters.listener.original_dst", TypedConfig = MetadataWriter.Pack(new OriginalDst()) };

    public static ListenerFilter TlsInspector(params IEnumerable<int> exceptPorts) =>
        new() { Name = "envoy.filters.listener.tls_inspector", TypedConfig = MetadataWriter.Pack(new TlsInspector()), FilterDisabled = Except(exceptPorts) };

    public static ListenerFilter HttpInspector(params IEnumerable<int> exceptPorts) =>
        new() { Name = "envoy.filters.listener.http_inspector", TypedConfig = MetadataWriter.Pack(new HttpInspector()), FilterDisabled = Except(exceptPorts) };

    /// <summary>How long to wait for the first bytes, and that a connection which stays silent goes on as TCP.</summary>
    public static void SetDetection(Listener listener, MeshSettings settings, Dialect dialect)
    {
        listener.ListenerFiltersTimeout = Duration.FromTimeSpan(dialect == Dialect.Weft ? settings.ProtocolDetectionTimeout : TimeSpan.Zero);
        listener.ContinueOnListenerFiltersTimeout = true;
    }

    /// <summary>Ports whose protocol is declared are not sniffed: a server that speaks first would wait for its client.</summary>
    private static ListenerFilterChainMatchPredicate? Except(IEnumerable<int> ports)
    {
        List<ListenerFilterChainMatchPredicate> rules =
        [
            .. ports.Distinct().Order().Select(p => new ListenerFilterChainMatchPredicate { DestinationPortRange = new Int32Range { Start = p, End = p + 1 } }),
        ];
        if (rules.Count <= 1)
        {
            return rules.Count == 0 ? null : rules[0];
        }

        var any = new ListenerFilterChainMatchPredicate.Types.MatchSet();
        any.Rules.AddRange(rules);
        return new ListenerFilterChainMatchPredicate { OrMatch = any };
    }
}
