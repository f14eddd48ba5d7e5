namespace Weft.Http.Http1;

/// <summary>
/// What a peer may make us hold or do. Every field is a hard limit; passing it is a fault with a name and a status, never a truncation.
/// The link's input buffer must be able to hold <see cref="MaxHeadBytes"/> contiguously; nothing else is ever buffered.
/// </summary>
public readonly record struct Http1Limits()
{
    /// <summary>Start line and field lines with their line ends, in bytes. 60 KiB: Envoy's max_request_headers_kb. Passing it: 431.</summary>
    public int MaxHeadBytes { get; init; } = 60 * 1024;

    /// <summary>Field lines in a head. 100: Envoy's max_headers_count, Kestrel and nginx agree. Passing it: 431.</summary>
    public int MaxHeaders { get; init; } = 100;

    /// <summary>Request line (or status line) without its line end, in bytes. 8 KiB: RFC 9112 §3 asks for at least 8,000. Passing it: 414.</summary>
    public int MaxRequestLineBytes { get; init; } = 8 * 1024;

    /// <summary>One chunk's size line, extensions included, without its line end. 4 KiB: attacks T09. Passing it: 400.</summary>
    public int MaxChunkLineBytes { get; init; } = 4 * 1024;

    /// <summary>All extension bytes of one message. 64 KiB: nobody we know sends any; Go counts the same against CVE-2023-39326. Passing it: 400.</summary>
    public int MaxChunkExtensionBytes { get; init; } = 64 * 1024;

    /// <summary>Trailer section with its line ends, in bytes. 8 KiB: gRPC's default for metadata. Passing it: 431.</summary>
    public int MaxTrailerBytes { get; init; } = 8 * 1024;

    /// <summary>Field lines in the trailer section. 32: gRPC sends three. Passing it: 431.</summary>
    public int MaxTrailers { get; init; } = 32;

    /// <summary>Body bytes of one message. Unlimited: bodies stream through and are never held. Passing it: 413.</summary>
    public long MaxBodyBytes { get; init; } = long.MaxValue;

    /// <summary>Interim (1xx) responses before a final one. 8: a 100, a 102 or two and a 103 are honest. Passing it: fault of the upstream.</summary>
    public int MaxInterimResponses { get; init; } = 8;

    /// <summary>Whether CONNECT is parsed at all. Off: nothing in this mesh terminates it; 501 (attacks T19, T27).</summary>
    public bool AllowConnect { get; init; }
}
