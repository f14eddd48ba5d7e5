using System;
using System.Text;

namespace Weft.Http;

/// <summary>Header names to and from <see cref="KnownHeader"/>. Names compare without case (RFC 9110 §5.1).</summary>
public static class KnownHeaders
{
    /// <summary>By length and first letter first: most names are settled without a comparison.</summary>
    public static KnownHeader Recognize(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return KnownHeader.Other;
        int first = name[0] | 0x20;
        switch (name.Length)
        {
            case 2: return first == 't' ? If(name, KnownHeader.Te) : KnownHeader.Other;
            case 3: return first == 'v' ? If(name, KnownHeader.Via) : KnownHeader.Other;
            case 4: return first == 'h' ? If(name, KnownHeader.Host) : first == 'd' ? If(name, KnownHeader.Date) : KnownHeader.Other;
            case 6:
                return first switch
                {
                    'c' => If(name, KnownHeader.Cookie),
                    'e' => If(name, KnownHeader.Expect),
                    's' => If(name, KnownHeader.Server),
                    _ => KnownHeader.Other,
                };
            case 7: return first == 'u' ? If(name, KnownHeader.Upgrade) : first == 't' ? If(name, KnownHeader.Trailer) : KnownHeader.Other;
            case 8: return first == 'l' ? If(name, KnownHeader.Location) : WithPrefix(name, first);
            case 9: return first == 'f' ? If(name, KnownHeader.Forwarded) : WithPrefix(name, first);
            case 10:
                return first switch
                {
                    'c' => If(name, KnownHeader.Connection),
                    'u' => If(name, KnownHeader.UserAgent),
                    'k' => If(name, KnownHeader.KeepAlive),
                    's' => If(name, KnownHeader.SetCookie),
                    't' => If(name, KnownHeader.Tracestate),
                    _ => WithPrefix(name, first),
                };
            case 11: return first == 't' ? If(name, KnownHeader.Traceparent) : WithPrefix(name, first);
            case 12:
                return first == 'c' ? If(name, KnownHeader.ContentType)
                    : first == 'x' ? If(name, KnownHeader.XRequestId, first) : KnownHeader.Other;
            case 13: return first == 'a' ? If(name, KnownHeader.Authorization) : WithPrefix(name, first);
            case 14: return first == 'c' ? If(name, KnownHeader.ContentLength) : first == 'h' ? If(name, KnownHeader.Http2Settings) : WithPrefix(name, first);
            case 15: return first == 'x' ? If(name, KnownHeader.XForwardedFor, first) : KnownHeader.Other;
            case 16:
                if (first == 'p') return If(name, KnownHeader.ProxyConnection);
                if (first != 'x') return KnownHeader.Other;
                return (name[15] | 0x20) == 't' && (name[14] | 0x20) == 's' ? If(name, KnownHeader.XForwardedHost, first) : If(name, KnownHeader.XForwardedPort, first);
            case 17:
                return first == 't' ? If(name, KnownHeader.TransferEncoding)
                    : first == 'x' ? If(name, KnownHeader.XForwardedProto, first) : KnownHeader.Other;
            case 21: return first == 'x' ? If(name, KnownHeader.XEnvoyOriginalPath, KnownHeader.XEnvoyPeerMetadata, first) : KnownHeader.Other;
            case 23: return first == 'x' ? If(name, KnownHeader.XForwardedClientCert, first) : KnownHeader.Other;
            case 24: return first == 'x' ? If(name, KnownHeader.XEnvoyPeerMetadataId, first) : KnownHeader.Other;
            case 27: return first == 'x' ? If(name, KnownHeader.XEnvoyDecoratorOperation, first) : KnownHeader.Other;
            case 29: return first == 'x' ? If(name, KnownHeader.XEnvoyUpstreamServiceTime, first) : KnownHeader.Other;
            default: return WithPrefix(name, first);
        }
    }

    /// <summary>The usual spelling; empty for names that a prefix recognised.</summary>
    public static ReadOnlySpan<byte> Name(KnownHeader header) => header switch
    {
        KnownHeader.Host => "Host"u8,
        KnownHeader.ContentLength => "Content-Length"u8,
        KnownHeader.TransferEncoding => "Transfer-Encoding"u8,
        KnownHeader.Connection => "Connection"u8,
        KnownHeader.Expect => "Expect"u8,
        KnownHeader.Te => "TE"u8,
        KnownHeader.Trailer => "Trailer"u8,
        KnownHeader.Upgrade => "Upgrade"u8,
        KnownHeader.KeepAlive => "Keep-Alive"u8,
        KnownHeader.ProxyConnection => "Proxy-Connection"u8,
        KnownHeader.Http2Settings => "HTTP2-Settings"u8,
        KnownHeader.Authorization => "Authorization"u8,
        KnownHeader.Cookie => "Cookie"u8,
        KnownHeader.SetCookie => "Set-Cookie"u8,
        KnownHeader.ContentType => "Content-Type"u8,
        KnownHeader.Date => "Date"u8,
        KnownHeader.Server => "Server"u8,
        KnownHeader.Via => "Via"u8,
        KnownHeader.Location => "Location"u8,
        KnownHeader.UserAgent => "User-Agent"u8,
        KnownHeader.Forwarded => "Forwarded"u8,
        KnownHeader.XRequestId => "x-request-id"u8,
        KnownHeader.XForwardedFor => "x-forwarded-for"u8,
        KnownHeader.XForwardedProto => "x-forwarded-proto"u8,
        KnownHeader.XForwardedHost => "x-forwarded-host"u8,
        KnownHeader.XForwardedPort => "x-forwarded-port"u8,
        KnownHeader.XForwardedClientCert => "x-forwarded-client-cert"u8,
        KnownHeader.Traceparent => "traceparent"u8,
        KnownHeader.Tracestate => "tracestate"u8,
        KnownHeader.XEnvoyOriginalPath => "x-envoy-original-path"u8,
        KnownHeader.XEnvoyUpstreamServiceTime => "x-envoy-upstream-service-time"u8,
        KnownHeader.XEnvoyPeerMetadata => "x-envoy-peer-metadata"u8,
        KnownHeader.XEnvoyPeerMetadataId => "x-envoy-peer-metadata-id"u8,
        KnownHeader.XEnvoyDecoratorOperation => "x-envoy-decorator-operation"u8,
        _ => [],
    };

    private static KnownHeader If(ReadOnlySpan<byte> name, KnownHeader candidate) =>
        Ascii.EqualsIgnoreCase(name, Name(candidate)) ? candidate : KnownHeader.Other;

    private static KnownHeader If(ReadOnlySpan<byte> name, KnownHeader candidate, int first) =>
        Ascii.EqualsIgnoreCase(name, Name(candidate)) ? candidate : WithPrefix(name, first);

    private static KnownHeader If(ReadOnlySpan<byte> name, KnownHeader candidate, KnownHeader second, int first) =>
        Ascii.EqualsIgnoreCase(name, Name(candidate)) ? candidate : If(name, second, first);

    private static KnownHeader WithPrefix(ReadOnlySpan<byte> name, int first)
    {
        if (first != 'x' || name.Length < 8 || name[1] != '-') return KnownHeader.Other;
        if (Ascii.EqualsIgnoreCase(name[..7], "x-weft-"u8)) return KnownHeader.XWeft;
        return Ascii.EqualsIgnoreCase(name[..8], "x-envoy-"u8) ? KnownHeader.XEnvoyOther : KnownHeader.Other;
    }
}
