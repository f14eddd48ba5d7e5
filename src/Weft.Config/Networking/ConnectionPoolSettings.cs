using System;
using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>Limits of connections and requests. In every number 0 means "not set".</summary>
public sealed record ConnectionPoolSettings
{
    public TcpSettings? Tcp { get; init; }

    public HttpSettings? Http { get; init; }
}

public sealed record TcpSettings
{
    public int? MaxConnections { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public TcpKeepalive? TcpKeepalive { get; init; }

    public TimeSpan? MaxConnectionDuration { get; init; }

    /// <summary>Null means 1 h; zero disables.</summary>
    public TimeSpan? IdleTimeout { get; init; }
}

public sealed record TcpKeepalive
{
    public uint? Probes { get; init; }

    public TimeSpan? Time { get; init; }

    public TimeSpan? Interval { get; init; }
}

public sealed record HttpSettings
{
    public int? Http1MaxPendingRequests { get; init; }

    public int? Http2MaxRequests { get; init; }

    public int? MaxRequestsPerConnection { get; init; }

    public int? MaxRetries { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public H2UpgradePolicy? H2UpgradePolicy { get; init; }

    public bool? UseClientProtocol { get; init; }

    public int? MaxConcurrentStreams { get; init; }

    public TimeSpan? Http2KeepAliveInterval { get; init; }

    public TimeSpan? Http2KeepAliveTimeout { get; init; }
}

public enum H2UpgradePolicy : byte
{
    Default,
    DoNotUpgrade,
    Upgrade,
}

public sealed record OutlierDetection
{
    public uint? Consecutive5xxErrors { get; init; }

    public uint? ConsecutiveGatewayErrors { get; init; }

    public uint? ConsecutiveLocalOriginFailures { get; init; }

    public bool? SplitExternalLocalOriginErrors { get; init; }

    /// <summary>Deprecated.</summary>
    public int? ConsecutiveErrors { get; init; }

    public TimeSpan? Interval { get; init; }

    public TimeSpan? BaseEjectionTime { get; init; }

    public int? MaxEjectionPercent { get; init; }

    public int? MinHealthPercent { get; init; }

    public IReadOnlyList<uint> HttpErrorCodes { get; init; } = [];
}

public sealed record RetryBudget
{
    /// <summary>0–100; null means 20.</summary>
    public double? Percent { get; init; }

    public uint? MinRetryConcurrency { get; init; }

    public TimeSpan? BudgetInterval { get; init; }
}
