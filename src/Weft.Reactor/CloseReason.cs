namespace Weft.Reactor;

/// <summary>Why a link ended.</summary>
public enum CloseReason
{
    None,

    /// <summary>Our side closed it in good order.</summary>
    Local,

    /// <summary>Our side reset it.</summary>
    LocalAbort,

    /// <summary>Both directions ended in good order.</summary>
    Completed,

    /// <summary>The peer reset the connection (or the network reported it gone); Errno says which.</summary>
    PeerReset,

    /// <summary>The connection could not be made: refused, unreachable; Errno says which.</summary>
    ConnectFailed,

    /// <summary>The connection was not made in time.</summary>
    ConnectTimeout,

    /// <summary>No local socket could be made (descriptor limit, mark not allowed, address not ours); Errno says which.</summary>
    LocalSocketFailed,

    /// <summary>The TLS handshake failed; Tls says why.</summary>
    HandshakeFailed,

    /// <summary>The TLS handshake was not done in time.</summary>
    HandshakeTimeout,

    /// <summary>The peer broke TLS after the handshake, or refused us only then; Tls says why.</summary>
    TlsFailed,

    /// <summary>The connection ended without close_notify: its end may have been forged.</summary>
    Truncated,

    /// <summary>More was queued than a link may hold: whoever sends ignored the watermark.</summary>
    OutputOverflow,

    /// <summary>The handler threw.</summary>
    HandlerFailed,

    /// <summary>The loop is ending.</summary>
    LoopStopped,
}
