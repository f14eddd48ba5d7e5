namespace Weft.Policy.Decide;

/// <summary>The limits in force for one forwarded request; each may be off.</summary>
/// <param name="Route">From the end of the request to the end of the response, retries included: 504 UT <c>response_timeout</c>.</param>
/// <param name="PerTry">One attempt: a retry, or 504 UT <c>upstream_per_try_timeout</c>. Off when not below <paramref name="Route"/>.</param>
/// <param name="PerTryIdle">No byte from upstream within one attempt.</param>
/// <param name="StreamIdle">No byte in either direction: 408 or 504 SI <c>stream_idle_timeout</c>.</param>
/// <param name="MaxStreamDuration">The whole stream: UMSDR.</param>
public readonly record struct RequestTimeouts(
    TimeLimit Route, TimeLimit PerTry, TimeLimit PerTryIdle, TimeLimit StreamIdle, TimeLimit MaxStreamDuration);
