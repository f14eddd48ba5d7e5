using System;

namespace Weft.Kubernetes;

/// <summary>Times of a <see cref="Reflector"/>.</summary>
public sealed record ReflectorOptions
{
    /// <summary>First wait after a failure; doubles up to <see cref="MaxBackoff"/>, with up to half of it as jitter.</summary>
    public TimeSpan MinBackoff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>5 s: an API server that comes back is found quickly, a thousand clients do not knock it over.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one watch is asked for (plus up to as much again, at random); after that it is opened anew where it was.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Objects a page of a list.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>How often a kind is looked for that the server does not have.</summary>
    public TimeSpan MissingKindRetry { get; init; } = TimeSpan.FromSeconds(30);
}
