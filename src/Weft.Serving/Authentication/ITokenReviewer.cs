using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Weft.Store;

namespace Weft.Serving.Authentication;

/// <summary>Says whose token it is: the API server's TokenReview. Any thread.</summary>
public interface ITokenReviewer
{
    /// <summary>Reviews one token. Throws <see cref="System.Net.Http.HttpRequestException"/> when the API server cannot be asked.</summary>
    Task<TokenReviewVerdict> ReviewAsync(string token, IReadOnlyList<string> audiences, CancellationToken cancellation);
}
