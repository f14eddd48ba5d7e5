using System;

namespace Weft.Identity;

/// <summary>What a certificate authority allows. Every limit has a number that someone chose for a reason.</summary>
public sealed record CaOptions
{
    /// <summary>The trust domain whose identities this CA may name.</summary>
    public required string TrustDomain { get; init; }

    /// <summary>10 years, as Istio's self-signed root.</summary>
    public TimeSpan RootLifetime { get; init; } = TimeSpan.FromDays(3650);

    /// <summary>Longest and usual life of a workload's certificate (design section 5).</summary>
    public TimeSpan LeafLifetime { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Shortest life that a request may ask for.</summary>
    public TimeSpan MinLeafLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How far before now a certificate begins, for peers whose clocks are behind. Istio's number.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Largest signing request in characters of PEM: an RSA 4096 request with a few names is 2 KB.</summary>
    public int MaxRequestLength { get; init; } = 8 * 1024;

    /// <summary>Requests that one caller may make at once, and how long it then waits for the next: a pod needs two a day.</summary>
    public int CallerBurst { get; init; } = 10;

    public TimeSpan CallerRefill { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Callers and keys remembered; the oldest are forgotten first.</summary>
    public int Memory { get; init; } = 65_536;
}
