using System;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;
using Weft.Store;

namespace Weft.Kubernetes.Tests;

public sealed class TokenReviewClientTests : IAsyncLifetime
{
    private TestApiServer _server = null!;
    private ApiEndpoint _endpoint = null!;

    public ValueTask InitializeAsync()
    {
        var handler = new ApiHandler(new ObjectStore(), new ApiHandlerOptions
        {
            ReviewToken = r => r.Token == "good"
                ? new TokenReviewVerdict(true, "system:serviceaccount:grid:web", r.Audiences, null)
                : new TokenReviewVerdict(false, "", [], "expired"),
        });
        _server = new TestApiServer(handler.Handle);
        _endpoint = ApiEndpoint.OverUnixSocket(_server.SocketPath);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Review_GoodToken_SaysWhoseItIs()
    {
        TokenReviewVerdict verdict = await ReviewAsync("good");

        Assert.Equal((true, "system:serviceaccount:grid:web"), (verdict.Authenticated, verdict.Username));
    }

    [Fact]
    public async Task Review_BadToken_IsANoWithTheReason()
    {
        TokenReviewVerdict verdict = await ReviewAsync("bad");

        Assert.Equal((false, "expired"), (verdict.Authenticated, verdict.Error));
    }

    [Fact]
    public async Task Review_ServerThatIgnoresAudiences_IsANo()
    {
        // An old API server says yes to any token of the cluster; ours was never checked for our audience.
        _server.Handle = (_, _, _) => new ApiAnswer(201, "application/json",
            Encoding.UTF8.GetBytes("""{"kind":"TokenReview","status":{"authenticated":true,"user":{"username":"system:serviceaccount:grid:web"}}}"""), null);

        TokenReviewVerdict verdict = await ReviewAsync("good");

        Assert.False(verdict.Authenticated);
        Assert.Contains("istio-ca", verdict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Review_ServerAway_ThrowsSoThatTheCallerSaysUnavailable()
    {
        _server.Down();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ReviewAsync("good"));
        _server.Up();
    }

    private Task<TokenReviewVerdict> ReviewAsync(string token) =>
        new TokenReviewClient(_endpoint).ReviewAsync(token, ["istio-ca"], TestContext.Current.CancellationToken);
}
