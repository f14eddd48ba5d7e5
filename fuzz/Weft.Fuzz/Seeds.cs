using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Fuzz;

/// <summary>Inputs that are accepted, for every target: a fuzzer learns the grammar from them.</summary>
public static class Seeds
{
    public static IReadOnlyList<(string Target, string Name, string Text)> Text { get; } =
    [
        ("http1-request", "get", "GET /a/b?c=d HTTP/1.1\r\nHost: forecast:8080\r\nUser-Agent: curl/8\r\nAccept: */*\r\nx-empty:\r\n\r\n"),
        ("http1-request", "pipelined", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.1\r\nHost: b\r\nConnection: close\r\n\r\n"),
        ("http1-request", "chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTE: trailers\r\nTrailer: x-sum\r\n\r\n5;a=b;c=\"d\\\"\"\r\nhello\r\n00a\r\n0123456789\r\n0\r\nx-sum: 1\r\nAuthorization: none\r\n\r\n"),
        ("http1-request", "http10", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /2 HTTP/1.0\r\n\r\n"),
        ("http1-request", "absolute", "GET http://Other.example:80?q HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("http1-request", "options", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("http1-request", "expect", "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc"),
        ("http1-request", "upgrade", "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, x-hop\r\nUpgrade: websocket\r\nx-hop: 1\r\n\r\n"),
        ("http1-request", "blank-line-first", "\r\nGET / HTTP/1.1\r\nHost:a\r\nX:  two  \r\n\r\n"),
        ("http1-response", "ok", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n"),
        ("http1-response", "interim", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\ngrpc-status: 0\r\n\r\n"),
        ("http1-response", "until-close", "HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nall the rest"),
        ("http1-chunked", "plain", "5\r\nhello\r\n0\r\n\r\n"),
        ("http1-chunked", "extensions", "5;a;b=c;d=\"e;f\"\r\nhello\r\n0;last\r\nA: b\r\n\r\n"),
        ("protocol", "http1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("protocol", "http2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("protocol", "redis", "GET key\r\n"),
        ("protocol", "redis-resp", "*1\r\n$4\r\nPING\r\n"),
        ("protocol", "tls", "\u0016\u0003\u0001"),
        ("canonical-path", "dots", "/a/./b/../c//d/%2e%2E/e/..%2f/%41;p=1/..\\f.txt"),
        ("canonical-path", "relative", ".."),
        ("canonical-authority", "name", "Forecast.Grid.svc.cluster.local.:08080"),
        ("canonical-authority", "ipv6", "[::FFFF:1.2.3.4]:443"),
    ];

    public static IReadOnlyList<(string Name, byte[] Hello)> ClientHellos { get; } =
    [
        ("sni-and-alpn", Hello("outbound_.8080_.v1_.forecast.grid.svc.cluster.local", ["istio-http/1.1", "istio", "http/1.1"])),
        ("neither", Hello("", [])),
        ("fragmented", Fragment(Hello("web.grid", ["h2"]), 40)),
        ("fragmented-header", Fragment(Hello("web.grid", ["h2"]), 2, MaxFragments)),
    ];

    private const int MaxFragments = 3;

    /// <summary>A minimal TLS 1.2-shaped ClientHello in one record.</summary>
    public static byte[] Hello(string serverName, IReadOnlyList<string> protocols)
    {
        var extensions = new List<byte>();
        if (serverName.Length > 0) Extension(extensions, 0, Vector16([0, .. Vector16(Encoding.ASCII.GetBytes(serverName))]));
        if (protocols.Count > 0)
        {
            var list = new List<byte>();
            foreach (string protocol in protocols) list.AddRange([(byte)protocol.Length, .. Encoding.ASCII.GetBytes(protocol)]);
            Extension(extensions, 16, Vector16([.. list]));
        }

        Extension(extensions, 43, [2, 3, 4]);
        byte[] body = [3, 3, .. new byte[32], 0, .. Vector16([0x13, 0x01]), 1, 0, .. Vector16([.. extensions])];
        byte[] message = [1, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];
        return [22, 3, 1, .. Vector16(message)];
    }

    /// <summary>The same message in records of at most <paramref name="size"/> bytes; after so many, the rest in one.</summary>
    public static byte[] Fragment(byte[] hello, int size, int fragments = int.MaxValue)
    {
        var records = new List<byte>();
        for (int at = 5; at < hello.Length; fragments--)
        {
            int take = fragments > 0 ? Math.Min(size, hello.Length - at) : hello.Length - at;
            records.AddRange([22, 3, 3, .. Vector16(hello[at..(at + take)])]);
            at += take;
        }

        return [.. records];
    }

    private static void Extension(List<byte> extensions, int type, byte[] body) => extensions.AddRange([(byte)(type >> 8), (byte)type, .. Vector16(body)]);

    private static byte[] Vector16(byte[] content) => [(byte)(content.Length >> 8), (byte)content.Length, .. content];
}
