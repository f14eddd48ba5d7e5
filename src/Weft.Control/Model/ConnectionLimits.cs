using System;

namespace Weft.Control.Model;

/// <summary>Limits and connection settings; null = built-in default (istio.md 1.2: 0 means unset, the front end maps it to null).</summary>
public sealed record ConnectionLimits
{
    public uint? MaxConnections { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public TimeSpan? TcpIdleTimeout { get; init; }

    public TimeSpan? MaxConnectionDuration { get; init; }

    public uint? MaxPendingRequests { get; init; }

    public uint? MaxRequests { get; init; }

    public uint? MaxRequestsPerConnection { get; init; }

    public uint? MaxRetries { get; init; }

    public TimeSpan? HttpIdleTimeout { get; init; }

    public TcpKeepaliveTimes? Keepalive { get; init; }

    public required Origin Origin { get; init; }
}
