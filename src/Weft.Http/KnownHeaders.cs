using System;
using System.Buffers.Binary;
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
            case 2: return first == 't' ? If(name, "te"u8, KnownHeader.Te) : KnownHeader.Other;
            case 3: return first == 'v' ? If(name, "via"u8, KnownHeader.Via) : KnownHeader.Other;
            case 4: return first == 'h' ? If(name, "host"u8, KnownHeader.Host) : first == 'd' ? If(name, "date"u8, KnownHeader.Date) : KnownHeader.Other;
            case 6:
                return first switch
                {
                    'c' => If(name, "cookie"u8, KnownHeader.Cookie),
                    'e' => If(name, "expect"u8, KnownHeader.Expect),
                    's' => If(name, "server"u8, KnownHeader.Server),
                    _ => KnownHeader.Other,
                };
            case 7: return first == 'u' ? If(name, "upgrade"u8, KnownHeader.Upgrade) : first == 't' ? If(name, "trailer"u8, KnownHeader.Trailer) : KnownHeader.Other;
            case 8: return first == 'l' ? If(name, "location"u8, KnownHeader.Location) : WithPrefix(name, first);
            case 9: return first == 'f' ? If(name, "forwarded"u8, KnownHeader.Forwarded) : WithPrefix(name, first);
            case 10:
                return first switch
                {
                    'c' => If(name, "connection"u8, KnownHeader.Connection),
                    'u' => If(name, "user-agent"u8, KnownHeader.UserAgent),
                    'k' => If(name, "keep-alive"u8, KnownHeader.KeepAlive),
                    's' => If(name, "set-cookie"u8, KnownHeader.SetCookie),
                    't' => If(name, "tracestate"u8, KnownHeader.Tracestate),
                    _ => WithPrefix(name, first),
                };
            case 11: return first == 't' ? If(name, "traceparent"u8, KnownHeader.Traceparent) : WithPrefix(name, first);
            case 12:
                return first == 'c' ? If(name, "content-type"u8, KnownHeader.ContentType)
                    : first == 'x' ? If(name, "x-request-id"u8, KnownHeader.XRequestId, first) : KnownHeader.Other;
            case 13: return first == 'a' ? If(name, "authorization"u8, KnownHeader.Authorization) : WithPrefix(name, first);
            case 14: return first == 'c' ? If(name, "content-length"u8, KnownHeader.ContentLength) : first == 'h' ? If(name, "http2-settings"u8, KnownHeader.Http2Settings) : WithPrefix(name, first);
            case 15: return first == 'x' ? If(name, "x-forwarded-for"u8, KnownHeader.XForwardedFor, first) : KnownHeader.Other;
            case 16:
                if (first == 'p') return If(name, "proxy-connection"u8, KnownHeader.ProxyConnection);
                if (first != 'x') return KnownHeader.Other;
                return (name[15] | 0x20) == 't' && (name[14] | 0x20) == 's' ? If(name, "x-forwarded-host"u8, KnownHeader.XForwardedHost, first) : If(name, "x-forwarded-port"u8, KnownHeader.XForwardedPort, first);
            case 17:
                return first == 't' ? If(name, "transfer-encoding"u8, KnownHeader.TransferEncoding)
                    : first == 'x' ? If(name, "x-forwarded-proto"u8, KnownHeader.XForwardedProto, first) : KnownHeader.Other;
            case 21:
                if (first != 'x') return KnownHeader.Other;
                return (name[20] | 0x20) == 'h' ? If(name, "x-envoy-original-path"u8, KnownHeader.XEnvoyOriginalPath, first)
                    : If(name, "x-envoy-peer-metadata"u8, KnownHeader.XEnvoyPeerMetadata, first);
            case 23: return first == 'x' ? If(name, "x-forwarded-client-cert"u8, KnownHeader.XForwardedClientCert, first) : KnownHeader.Other;
            case 24: return first == 'x' ? If(name, "x-envoy-peer-metadata-id"u8, KnownHeader.XEnvoyPeerMetadataId, first) : KnownHeader.Other;
            case 27: return first == 'x' ? If(name, "x-envoy-decorator-operation"u8, KnownHeader.XEnvoyDecoratorOperation, first) : KnownHeader.Other;
            case 29: return first == 'x' ? If(name, "x-envoy-upstream-service-time"u8, KnownHeader.XEnvoyUpstreamServiceTime, first) : KnownHeader.Other;
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

    private static KnownHeader If(ReadOnlySpan<byte> name, ReadOnlySpan<byte> spelling, KnownHeader candidate) =>
        IsSame(name, spelling) ? candidate : KnownHeader.Other;

    private static KnownHeader If(ReadOnlySpan<byte> name, ReadOnlySpan<byte> spelling, KnownHeader candidate, int first) =>
        IsSame(name, spelling) ? candidate : WithPrefix(name, first);

    /// <summary>
    /// Compares eight letters at a time, the last eight overlapping. Setting bit 5 lowers letters and keeps digits and '-'; the only other bytes it
    /// turns into those are controls, which are in no token.
    /// </summary>
    /// <param name="name">A token of the length of <paramref name="spelling"/>.</param>
    /// <param name="spelling">Letters, digits and '-' in lower case.</param>
    private static bool IsSame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> spelling)
    {
        if (name.Length < 8) return Ascii.EqualsIgnoreCase(name, spelling);
        const ulong Lower = 0x2020202020202020;
        int last = spelling.Length - 8;
        for (int i = 0; i < last; i += 8)
        {
            if ((BinaryPrimitives.ReadUInt64LittleEndian(name[i..]) | Lower) != BinaryPrimitives.ReadUInt64LittleEndian(spelling[i..])) return false;
        }

        return (BinaryPrimitives.ReadUInt64LittleEndian(name[last..]) | Lower) == BinaryPrimitives.ReadUInt64LittleEndian(spelling[last..]);
    }

    private static KnownHeader WithPrefix(ReadOnlySpan<byte> name, int first)
    {
        if (first != 'x' || name.Length < 8 || name[1] != '-') return KnownHeader.Other;
        if (Ascii.EqualsIgnoreCase(name[..7], "x-weft-"u8)) return KnownHeader.XWeft;
        return Ascii.EqualsIgnoreCase(name[..8], "x-envoy-"u8) ? KnownHeader.XEnvoyOther : KnownHeader.Other;
    }
}
