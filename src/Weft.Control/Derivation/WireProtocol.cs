namespace Weft.Control.Derivation;

/// <summary>How a port is treated on the wire by a proxy of some dialect.</summary>
internal enum WireProtocol : byte
{
    /// <summary>Sniffed.</summary>
    Auto,
    Http1,
    Http2,

    /// <summary>Opaque bytes.</summary>
    Tcp,

    /// <summary>Not proxied.</summary>
    None,
}
