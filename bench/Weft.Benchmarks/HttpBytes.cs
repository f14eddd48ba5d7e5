namespace Weft.Benchmarks;

/// <summary>What a sidecar sees all day: a browser-like request through a gateway and a small JSON answer.</summary>
internal static class HttpBytes
{
    public static readonly byte[] Request =
    [
        .. "GET /v1/day?zone=north HTTP/1.1\r\nHost: forecast.grid.svc.cluster.local:8080\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\r\nAccept: application/json, text/plain;q=0.9\r\nAccept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.5\r\nx-request-id: 84961386-6d84-429d-98bd-c5aee93b5c88\r\nx-forwarded-proto: http\r\nx-forwarded-for: 10.244.0.17\r\nCookie: session=0123456789abcdef0123456789abcdef\r\nConnection: keep-alive\r\n\r\n"u8,
    ];

    public static readonly byte[] Response =
    [
        .. "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nDate: Wed, 25 Nov 2020 21:26:18 GMT\r\nServer: Kestrel\r\nx-served-by: forecast-v2/forecast-v2-7d9f\r\nCache-Control: no-store\r\nContent-Length: 15\r\n\r\n{\"ok\":\"yes!!!\"}"u8,
    ];

    public static readonly byte[] Chunked =
    [
        .. "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n40\r\n0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n0\r\n\r\n"u8,
    ];

    public static readonly byte[] Refused = [.. "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n"u8];
}
