namespace Weft.Http.Sniff;

/// <summary>What the first bytes of a connection are.</summary>
public enum SniffedProtocol : byte
{
    /// <summary>Not enough bytes to tell.</summary>
    NeedMore,

    /// <summary>A TLS ClientHello begins: go on with <see cref="ClientHello"/>.</summary>
    Tls,

    /// <summary>HTTP/1.0 or HTTP/1.1.</summary>
    Http1,

    /// <summary>HTTP/2 with prior knowledge: the connection preface of RFC 9113 §3.4.</summary>
    Http2,

    /// <summary>None of these: opaque TCP.</summary>
    Other,
}
