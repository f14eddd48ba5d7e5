using System.Collections.Generic;

namespace Weft.Store;

/// <summary>A token and the audiences it must be meant for.</summary>
public sealed record TokenReviewRequest(string Token, IReadOnlyList<string> Audiences)
{
    /// <summary>Never shows the token.</summary>
    public override string ToString() => $"TokenReviewRequest {{ Audiences = {string.Join(',', Audiences)} }}";
}

/// <summary>Who a token is.</summary>
/// <param name="Authenticated">False: <paramref name="Error"/> says why.</param>
/// <param name="Username"><c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
/// <param name="Audiences">The audiences asked for that the token has.</param>
/// <param name="Error">For people.</param>
/// <param name="Extra">For example <c>authentication.kubernetes.io/pod-name</c>.</param>
public sealed record TokenReviewVerdict(
    bool Authenticated, string Username, IReadOnlyList<string> Audiences, string? Error, IReadOnlyDictionary<string, IReadOnlyList<string>>? Extra = null);
