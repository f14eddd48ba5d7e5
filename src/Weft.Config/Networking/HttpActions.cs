using System;
using System.Collections.Generic;

namespace Weft.Config.Networking;

/// <summary>Answers with a redirect.</summary>
public sealed record HttpRedirect
{
    /// <summary>Whole new path.</summary>
    public string? Uri { get; init; }

    /// <summary>Replaces the matched prefix.</summary>
    public string? PrefixRewrite { get; init; }

    public string? Authority { get; init; }

    public uint? Port { get; init; }

    public RedirectPortSelection? DerivePort { get; init; }

    public string? Scheme { get; init; }

    /// <summary>Null means 301.</summary>
    public uint? RedirectCode { get; init; }
}

public enum RedirectPortSelection : byte
{
    FromProtocolDefault,
    FromRequestPort,
}

/// <summary>Answers without an upstream.</summary>
public sealed record HttpDirectResponse
{
    public uint Status { get; init; }

    /// <summary>Body as UTF-8 text, when given as <c>string</c>.</summary>
    public string? BodyString { get; init; }

    /// <summary>Body as bytes, when given as <c>bytes</c> (base64).</summary>
    public ReadOnlyMemory<byte>? BodyBytes { get; init; }
}

/// <summary>Changes what goes upstream.</summary>
public sealed record HttpRewrite
{
    /// <summary>Replaces the matched prefix, or the whole path when the match was exact.</summary>
    public string? Uri { get; init; }

    public string? Authority { get; init; }

    public RegexRewrite? UriRegexRewrite { get; init; }
}

public sealed record RegexRewrite
{
    public string Match { get; init; } = "";

    public string Rewrite { get; init; } = "";
}

/// <summary>Retry policy. Absent: Istio's default (2 attempts on connect-failure, refused-stream, unavailable, cancelled, retriable-status-codes).</summary>
public sealed record HttpRetry
{
    /// <summary>Retries after the first try; 0 disables.</summary>
    public int Attempts { get; init; }

    /// <summary>Null means the route's timeout.</summary>
    public TimeSpan? PerTryTimeout { get; init; }

    /// <summary>Comma-separated conditions and status codes; null means the default list.</summary>
    public string? RetryOn { get; init; }

    public bool? RetryRemoteLocalities { get; init; }

    /// <summary>Null means true.</summary>
    public bool? RetryIgnorePreviousHosts { get; init; }

    /// <summary>Null means 25 ms.</summary>
    public TimeSpan? Backoff { get; init; }
}

public sealed record HttpFaultInjection
{
    public FaultDelay? Delay { get; init; }

    public FaultAbort? Abort { get; init; }
}

public sealed record FaultDelay
{
    public TimeSpan? FixedDelay { get; init; }

    public TimeSpan? ExponentialDelay { get; init; }

    /// <summary>0–100; null means 0.</summary>
    public double? Percentage { get; init; }

    /// <summary>Deprecated form of <see cref="Percentage"/>.</summary>
    public int? Percent { get; init; }
}

public sealed record FaultAbort
{
    public int? HttpStatus { get; init; }

    public string? GrpcStatus { get; init; }

    public string? Http2Error { get; init; }

    public double? Percentage { get; init; }
}

public sealed record HttpMirrorPolicy
{
    public Destination Destination { get; init; } = new();

    public double? Percentage { get; init; }
}

public sealed record CorsPolicy
{
    public IReadOnlyList<StringMatch> AllowOrigins { get; init; } = [];

    /// <summary>Deprecated list of exact origins.</summary>
    public IReadOnlyList<string> AllowOrigin { get; init; } = [];

    public IReadOnlyList<string> AllowMethods { get; init; } = [];

    public IReadOnlyList<string> AllowHeaders { get; init; } = [];

    public IReadOnlyList<string> ExposeHeaders { get; init; } = [];

    public TimeSpan? MaxAge { get; init; }

    public bool? AllowCredentials { get; init; }

    public UnmatchedPreflights? UnmatchedPreflights { get; init; }
}

public enum UnmatchedPreflights : byte
{
    Unspecified,
    Forward,
    Ignore,
}
