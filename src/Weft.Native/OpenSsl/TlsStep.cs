namespace Weft.Native.OpenSsl;

/// <summary>What one call into a session came to.</summary>
public enum TlsStep
{
    /// <summary>The call did what it was asked.</summary>
    Done,

    /// <summary>The session itself needs more bytes from the peer: only now is it drained.</summary>
    NeedRead,

    /// <summary>The socket took no more; ciphertext waits in the session.</summary>
    NeedWrite,

    /// <summary>The peer ended its direction properly (close_notify).</summary>
    EndOfStream,

    /// <summary>The connection ended without close_notify, or inside a record: what was received may have been cut by anyone.</summary>
    Truncated,

    /// <summary>The session is over; <see cref="TlsSession.Failure"/> says why.</summary>
    Failed,
}
