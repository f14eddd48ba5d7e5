using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Weft.Store;

namespace Weft.Kubernetes;

/// <summary>Asks the API server whose token this is. Any thread.</summary>
public sealed class TokenReviewClient(ApiEndpoint endpoint)
{
    /// <summary>Reviews one token for the audiences. An unreachable API server throws <see cref="System.Net.Http.HttpRequestException"/>: the caller answers UNAVAILABLE, not UNAUTHENTICATED.</summary>
    public Task<TokenReviewVerdict> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation) =>
        throw new InvalidOperationException($"{endpoint}");
}
