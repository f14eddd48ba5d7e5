namespace Weft.Http;

/// <summary>How the end of a message body is known (RFC 9112 §6.3). Decided once, by <see cref="Http1.Http1Framing"/>.</summary>
public enum BodyFraming : byte
{
    /// <summary>No body follows the head.</summary>
    None,

    /// <summary>Exactly Content-Length bytes follow; may be zero.</summary>
    Length,

    /// <summary>Chunks follow, then trailers.</summary>
    Chunked,

    /// <summary>The body ends with the connection. Responses only; such a connection is never reused.</summary>
    UntilClose,
}
