namespace Weft.Native.OpenSsl;

/// <summary>Why a session ended or never began, in the words that logs and counters use.</summary>
public enum TlsFailureKind
{
    /// <summary>No failure.</summary>
    None,

    /// <summary>The peer sent no certificate though one is required.</summary>
    PeerCertificateMissing,

    /// <summary>The peer's certificate is past its notAfter.</summary>
    PeerCertificateExpired,

    /// <summary>The peer's certificate is before its notBefore.</summary>
    PeerCertificateNotYetValid,

    /// <summary>No certificate of our trust bundle signed the peer's chain.</summary>
    PeerUntrusted,

    /// <summary>The chain is signed by a trusted root but otherwise invalid (signature, constraints, purpose, key).</summary>
    PeerCertificateInvalid,

    /// <summary>The chain is longer than 10 certificates or larger than 16 KiB.</summary>
    PeerChainTooLong,

    /// <summary>The leaf is a CA certificate: a signer must not act as a workload.</summary>
    PeerLeafIsAuthority,

    /// <summary>Not exactly one URI name, or one that is not a well-formed SPIFFE id.</summary>
    PeerIdentityMalformed,

    /// <summary>A SPIFFE id of a trust domain that is not expected.</summary>
    PeerTrustDomainUnexpected,

    /// <summary>A well-formed SPIFFE id, but not one of those expected of this peer.</summary>
    PeerIdentityUnexpected,

    /// <summary>The peer refused us with an alert; the text names it.</summary>
    PeerAlert,

    /// <summary>The peer's bytes are not TLS, or break its rules.</summary>
    Protocol,

    /// <summary>No protocol version, cipher suite or group in common.</summary>
    NothingInCommon,

    /// <summary>The connection ended in the middle of the handshake.</summary>
    ClosedInHandshake,

    /// <summary>The socket failed; the link's errno says how.</summary>
    Socket,

    /// <summary>OpenSSL or we failed (memory, a bug): not the peer's doing.</summary>
    Internal,
}
