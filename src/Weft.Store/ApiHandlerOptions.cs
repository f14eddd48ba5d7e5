using System;

namespace Weft.Store;

/// <summary>What the handler may do beyond reading the store.</summary>
public sealed record ApiHandlerOptions
{
    /// <summary>Answers <c>POST /apis/authentication.k8s.io/v1/tokenreviews</c>; null: 404. Called on the request's thread, may be called concurrently.</summary>
    public Func<TokenReviewRequest, TokenReviewVerdict>? ReviewToken { get; init; }

    /// <summary>A watch without <c>timeoutSeconds</c> ends after this long, so that clients come back and nothing leaks.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>What <c>/version</c> says as <c>gitVersion</c>.</summary>
    public string Version { get; init; } = "v1.36.0+weft";
}
