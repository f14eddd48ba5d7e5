namespace Weft.Policy.Decide;

/// <summary>How an attempt ended without a usable response.</summary>
public enum AttemptFailure
{
    /// <summary>A response came; its status decides.</summary>
    None,

    /// <summary>TCP or TLS did not come about, or took too long. Nothing was sent.</summary>
    ConnectFailure,

    /// <summary>The connection went away before a byte of the request was written.</summary>
    ResetBeforeRequest,

    /// <summary>REFUSED_STREAM, or above GOAWAY's last stream: the peer says it did nothing.</summary>
    RefusedStream,

    /// <summary>A reused connection was closed by the peer after the request was written and before a byte of response: the keep-alive race.</summary>
    StaleConnection,

    /// <summary>Reset or closed after the request was written, before the response head.</summary>
    Reset,

    /// <summary>per_try_timeout.</summary>
    PerTryTimeout,

    /// <summary>The route's timeout: final.</summary>
    RouteTimeout,

    /// <summary>A circuit breaker of ours: final.</summary>
    Overflow,

    /// <summary>The response broke HTTP: final, a retry would meet the same server.</summary>
    ProtocolError,
}
