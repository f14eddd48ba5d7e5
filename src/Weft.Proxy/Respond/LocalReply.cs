namespace Weft.Proxy.Respond;

/// <summary>Every reason for which the proxy itself answers a request. What each means in status, flag, details and words: <see cref="LocalReplies"/>.</summary>
internal enum LocalReply : byte
{
    None,

    /// <summary>The client broke HTTP/1; status and details come with the fault.</summary>
    DownstreamProtocolError,
    MissingHost,
    PathNormalizationFailed,
    InvalidAuthority,
    RequestHeaderTimeout,
    StreamIdleTimeout,
    StreamIdleTimeoutIncomplete,
    RouteConfigurationNotFound,
    RouteNotFound,
    ClusterNotFound,
    NoHealthyUpstream,
    Overflow,
    ConnectionFailure,
    ConnectionTimeout,
    ConnectionTermination,
    UpstreamProtocolError,
    ResponseTimeout,
    PerTryTimeout,
    MaxStreamDuration,
    MaxStreamDurationIncomplete,
    UpgradeRefused,
    DirectResponse,
    Redirect,
    TlsRequired,
    HeadTooLarge,
    UnderscoreInHeader,
    IdentityMissing,
    LoopDetected,
}
