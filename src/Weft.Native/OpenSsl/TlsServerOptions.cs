namespace Weft.Native.OpenSsl;

/// <summary>What differs between connections of one server context. Immutable, made when a filter chain is published.</summary>
public sealed class TlsServerOptions
{
    /// <summary>Protocols by preference; null uses the context's.</summary>
    public AlpnList? Alpn { get; init; }

    /// <summary>Who may come, checked when the client shows a certificate.</summary>
    public required PeerExpectation Expected { get; init; }
}
