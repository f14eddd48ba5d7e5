using System;
using System.Text;
using Weft.Http;
using Weft.Policy.Model;
using Weft.Policy.Blocks;
using Weft.Proxy.Downstream;

namespace Weft.Proxy.Http;

/// <summary>
/// What a client may say of itself, and what we say of it instead (xds.md C.9): internal headers are stripped, forwarding headers kept, set or extended,
/// the client's certificate described. Nothing is believed because of an address range.
/// </summary>
internal static class ClientHeaders
{
    private static readonly byte[][] NeverFromClients =
    [
        .. Array.ConvertAll(
            new[]
            {
                "x-envoy-retry-on", "x-envoy-retry-grpc-on", "x-envoy-max-retries", "x-envoy-upstream-rq-timeout-ms", "x-envoy-upstream-rq-per-try-timeout-ms",
                "x-envoy-upstream-alt-stat-name", "x-envoy-upstream-rq-timeout-alt-response", "x-envoy-retriable-status-codes", "x-envoy-retriable-header-names",
                "x-envoy-hedge-on-per-try-timeout", "x-envoy-expected-rq-timeout-ms", "x-envoy-force-trace", "x-envoy-ip-tags", "x-envoy-original-url",
                "x-envoy-internal", "x-envoy-original-dst-host", "x-envoy-original-host",
            },
            Encoding.ASCII.GetBytes),
    ];

    public static void Clean(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        var connection = exchange.Connection;
        bool isEdge = connection.Side == ListenerSide.Gateway;
        StripInternal(exchange, headers, isEdge);
        ref readonly var manager = ref exchange.Server.Manager;
        if (manager.Has(HttpManagerFlags.UseRemoteAddress) && !manager.Has(HttpManagerFlags.SkipXffAppend)) AppendForwardedFor(connection, headers, edits);
        bool overwritesScheme = manager.Has(HttpManagerFlags.UseRemoteAddress) && manager.XffNumTrustedHops == 0;
        if (overwritesScheme || !headers.Has(KnownHeader.XForwardedProto)) edits.Set(headers, "x-forwarded-proto"u8, SchemeOf(connection));
        if (manager.Has(HttpManagerFlags.AppendXForwardedPort)) SetForwardedPort(connection, headers, edits);
        DescribeCertificate(exchange, headers, edits);
    }

    /// <summary><c>x-forwarded-for</c> as it goes on, for the log.</summary>
    public static ReadOnlySpan<byte> ForwardedFor(scoped in HeaderBlock headers, HeaderEdits edits)
    {
        int index = headers.Find(KnownHeader.XForwardedFor);
        return index >= 0 ? headers.Value(index) : edits.Find("x-forwarded-for"u8);
    }

    /// <summary>The scheme that routes may ask for: what a trusted hop said, else the connection's.</summary>
    public static ReadOnlySpan<byte> Scheme(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        if (headers.TryGet(KnownHeader.XForwardedProto, out var said) && (said.SequenceEqual("https"u8) || said.SequenceEqual("http"u8))) return said;
        return SchemeOf(exchange.Connection);
    }

    private static ReadOnlySpan<byte> SchemeOf(DownstreamConnection connection) => connection.IsTls ? "https"u8 : "http"u8;

    private static void StripInternal(Exchange exchange, scoped in HeaderBlock headers, bool isEdge)
    {
        // Names of peers come from weftd's table and the verified identity, never from here.
        if (headers.Drop(KnownHeader.XEnvoyPeerMetadata) + headers.Drop(KnownHeader.XEnvoyPeerMetadataId) > 0)
            exchange.Worker.Shard.Increment(exchange.Worker.Metrics.PeerMetadataStripped);
        headers.Drop(KnownHeader.XWeft);
        headers.Drop(KnownHeader.XEnvoyDecoratorOperation);
        if (isEdge)
        {
            headers.Drop(KnownHeader.XEnvoyOther);
            headers.Drop(KnownHeader.XEnvoyOriginalPath);
            return;
        }
        if (!headers.MayHave(KnownHeader.XEnvoyOther)) return;
        foreach (byte[] name in NeverFromClients) headers.Drop(name);
    }

    private static void AppendForwardedFor(DownstreamConnection connection, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        Span<byte> joined = stackalloc byte[1024];
        int length = 0;
        for (int i = headers.Find(KnownHeader.XForwardedFor); i >= 0; i = headers.Find(KnownHeader.XForwardedFor, i + 1))
        {
            var value = headers.Value(i);
            // Too many hops to be honest: what is nearest to us counts, and that is appended below.
            if (length + value.Length + 2 > joined.Length - 64) break;
            value.CopyTo(joined[length..]);
            length += value.Length;
            ", "u8.CopyTo(joined[length..]);
            length += 2;
        }
        headers.Drop(KnownHeader.XForwardedFor);
        connection.Link.RemoteAddress.TryFormatAddress(joined[length..], out int address);
        edits.Add("x-forwarded-for"u8, joined[..(length + address)]);
    }

    private static void SetForwardedPort(DownstreamConnection connection, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        Span<byte> port = stackalloc byte[8];
        connection.Destination.Port.TryFormat(port, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        edits.Set(headers, "x-forwarded-port"u8, port[..length]);
    }

    private static void DescribeCertificate(Exchange exchange, scoped in HeaderBlock headers, HeaderEdits edits)
    {
        ref readonly var manager = ref exchange.Server.Manager;
        var mode = manager.ForwardClientCert;
        if (mode == ForwardClientCertMode.AlwaysForwardOnly) return;
        var peer = exchange.Connection.PeerSpiffeId;
        bool keepsReceived = !peer.IsEmpty && mode is ForwardClientCertMode.ForwardOnly or ForwardClientCertMode.AppendForward;
        if (peer.IsEmpty || !keepsReceived)
        {
            headers.Drop(KnownHeader.XForwardedClientCert);
            if (peer.IsEmpty || mode == ForwardClientCertMode.Sanitize) return;
        }
        if (mode == ForwardClientCertMode.ForwardOnly) return;
        Span<byte> element = stackalloc byte[4096];
        int length = 0;
        if (headers.TryGet(KnownHeader.XForwardedClientCert, out var received) && received.Length < 2048)
        {
            Append(element, ref length, received);
            Append(element, ref length, ","u8);
        }
        headers.Drop(KnownHeader.XForwardedClientCert);
        Append(element, ref length, "By="u8);
        Append(element, ref length, exchange.Worker.Process.OwnUtf8SpiffeId);
        // Certificates of the mesh have no subject.
        if ((manager.SetCurrentClientCert & ClientCertDetails.Subject) != 0) Append(element, ref length, ";Subject=\"\""u8);
        if ((manager.SetCurrentClientCert & ClientCertDetails.Uri) != 0)
        {
            // A well-formed SPIFFE id holds nothing that would need quotes (checked in the handshake).
            Append(element, ref length, ";URI="u8);
            Append(element, ref length, peer);
        }
        edits.Add("x-forwarded-client-cert"u8, element[..length]);
    }

    private static void Append(Span<byte> room, ref int length, ReadOnlySpan<byte> text)
    {
        int take = Math.Min(text.Length, room.Length - length);
        text[..take].CopyTo(room[length..]);
        length += take;
    }
}
