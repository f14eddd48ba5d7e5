namespace Weft.Serving.Hosting;

/// <summary>Through which socket a request came in; decides what it may reach.</summary>
internal enum Door : byte
{
    None,

    /// <summary>Plaintext discovery, loopback.</summary>
    Plaintext,

    /// <summary>Discovery and certificates over TLS.</summary>
    Secure,

    /// <summary>Metrics and debug over TLS, for proven callers.</summary>
    Metrics,

    /// <summary>Health, loopback.</summary>
    Health,

    /// <summary>Everything readable, over a Unix socket that only its owner can open.</summary>
    Debug,
}
