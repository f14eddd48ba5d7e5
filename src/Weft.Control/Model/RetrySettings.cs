using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>When and how often a request is tried again (istio.md 1.1). Immutable.</summary>
public sealed record RetrySettings
{
    /// <summary>What Istio does when nobody says anything: <c>route/retry/retry.go</c>.</summary>
    public static RetrySettings Default { get; } = new()
    {
        Attempts = 2,
        RetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes",
        Origin = Origin.MeshDefault("defaultHttpRetryPolicy", "retries"),
    };

    /// <summary>Tries after the first; 0 disables.</summary>
    public required int Attempts { get; init; }

    /// <summary>Envoy's retry_on words, comma separated, without status numbers.</summary>
    public required string RetryOn { get; init; }

    public ImmutableArray<int> StatusCodes { get; init; } = [];

    /// <summary>Null: the route's timeout.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>Null: 25 ms.</summary>
    public TimeSpan? BackOff { get; init; }

    /// <summary>Prefer an endpoint not tried yet.</summary>
    public bool AvoidPreviousHosts { get; init; } = true;

    public required Origin Origin { get; init; }
}
