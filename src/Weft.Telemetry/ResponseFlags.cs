using System;

namespace Weft.Telemetry;

/// <summary>Why a response is what it is, in Envoy's words and order (stream_info.h; reference xds.md C.10). Bit n is word n of <see cref="ResponseFlagWords"/>.</summary>
[Flags]
public enum ResponseFlags
{
    None = 0,
    FailedLocalHealthCheck = 1 << 0,
    NoHealthyUpstream = 1 << 1,
    UpstreamRequestTimeout = 1 << 2,
    LocalReset = 1 << 3,
    UpstreamRemoteReset = 1 << 4,
    UpstreamConnectionFailure = 1 << 5,
    UpstreamConnectionTermination = 1 << 6,
    UpstreamOverflow = 1 << 7,
    NoRouteFound = 1 << 8,
    DelayInjected = 1 << 9,
    FaultInjected = 1 << 10,
    RateLimited = 1 << 11,
    UnauthorizedExternalService = 1 << 12,
    RateLimitServiceError = 1 << 13,
    DownstreamConnectionTermination = 1 << 14,
    UpstreamRetryLimitExceeded = 1 << 15,
    StreamIdleTimeout = 1 << 16,
    InvalidEnvoyRequestHeaders = 1 << 17,
    DownstreamProtocolError = 1 << 18,
    UpstreamMaxStreamDurationReached = 1 << 19,
    ResponseFromCacheFilter = 1 << 20,
    NoFilterConfigFound = 1 << 21,
    DurationTimeout = 1 << 22,
    UpstreamProtocolError = 1 << 23,
    NoClusterFound = 1 << 24,
    OverloadManagerTerminated = 1 << 25,
    DnsResolutionFailed = 1 << 26,
    DropOverload = 1 << 27,
    DownstreamRemoteReset = 1 << 28,
    UnconditionalDropOverload = 1 << 29,
}
