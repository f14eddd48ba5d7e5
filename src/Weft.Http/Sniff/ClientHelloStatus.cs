namespace Weft.Http.Sniff;

/// <summary>Outcome of <see cref="ClientHello.Read"/>.</summary>
public enum ClientHelloStatus : byte
{
    NeedMore,

    /// <summary>A whole ClientHello; server name and protocols can be read.</summary>
    Complete,

    /// <summary>The first bytes are no TLS handshake record.</summary>
    NotTls,

    /// <summary>It began as one and then broke its own lengths, or repeated an extension.</summary>
    Malformed,

    /// <summary>Well-formed so far, but above <see cref="ClientHello.MaxBytes"/> or in more records than any honest client uses.</summary>
    TooLarge,
}
