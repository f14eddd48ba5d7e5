using System.Collections.Generic;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Weft.Store;

namespace Weft.Kubernetes;

/// <summary>Asks the API server whose token this is. Any thread. Never logs a token.</summary>
public sealed class TokenReviewClient(ApiEndpoint endpoint)
{
    /// <summary>
    /// Reviews one token for the audiences. An unreachable or failing API server throws <see cref="HttpRequestException"/>: the caller answers UNAVAILABLE,
    /// not UNAUTHENTICATED. A token without any of the audiences asked for is not authenticated.
    /// </summary>
    public async Task<TokenReviewVerdict> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation)
    {
        using var content = new ByteArrayContent(TokenReviewJson.Request(new TokenReviewRequest(token, audiences)));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await endpoint.Client.PostAsync("apis/authentication.k8s.io/v1/tokenreviews", content, cancellation);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode} from {endpoint.Description} for a TokenReview", null, response.StatusCode);
        }

        TokenReviewVerdict verdict = TokenReviewJson.ReadAnswer(await response.Content.ReadAsByteArrayAsync(cancellation));

        // An API server that is not audience-aware answers without audiences; then the token was not checked for ours, and a yes is a no (KEP-1205).
        bool isForUs = audiences.Count == 0 || Overlaps(verdict.Audiences, audiences);
        return verdict.Authenticated && !isForUs
            ? new TokenReviewVerdict(false, "", [], $"the token is not for the audience {string.Join(" or ", audiences)}")
            : verdict;
    }

    private static bool Overlaps(IReadOnlyList<string> have, IReadOnlyList<string> wanted)
    {
        foreach (string audience in have)
        {
            foreach (string want in wanted)
            {
                if (audience == want)
                {
                    return true;
                }
            }
        }

        return false;
    }
}
