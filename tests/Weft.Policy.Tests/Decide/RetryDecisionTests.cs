using System;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class RetryDecisionTests
{
    // xds.md C.3, one row a condition: what it retries and what it leaves.
    [Theory]
    [InlineData("5xx", AttemptFailure.None, 500, true)]
    [InlineData("5xx", AttemptFailure.None, 404, false)]
    [InlineData("5xx", AttemptFailure.Reset, 0, true)]
    [InlineData("5xx", AttemptFailure.PerTryTimeout, 0, true)]
    [InlineData("5xx", AttemptFailure.RouteTimeout, 0, false)]
    [InlineData("5xx", AttemptFailure.Overflow, 0, false)]
    [InlineData("gateway-error", AttemptFailure.None, 503, true)]
    [InlineData("gateway-error", AttemptFailure.None, 500, false)]
    [InlineData("gateway-error", AttemptFailure.ConnectFailure, 0, true)]
    [InlineData("reset", AttemptFailure.Reset, 0, true)]
    [InlineData("reset", AttemptFailure.None, 503, false)]
    [InlineData("reset-before-request", AttemptFailure.ResetBeforeRequest, 0, true)]
    [InlineData("reset-before-request", AttemptFailure.Reset, 0, false)]
    [InlineData("connect-failure", AttemptFailure.ConnectFailure, 0, true)]
    [InlineData("connect-failure", AttemptFailure.StaleConnection, 0, true)]
    [InlineData("connect-failure", AttemptFailure.Reset, 0, false)]
    [InlineData("refused-stream", AttemptFailure.RefusedStream, 0, true)]
    [InlineData("refused-stream", AttemptFailure.ConnectFailure, 0, false)]
    [InlineData("retriable-4xx", AttemptFailure.None, 409, true)]
    [InlineData("retriable-4xx", AttemptFailure.None, 400, false)]
    [InlineData("retriable-status-codes", AttemptFailure.None, 418, true)]
    [InlineData("retriable-status-codes", AttemptFailure.None, 419, false)]
    [InlineData("connect-failure", AttemptFailure.ProtocolError, 0, false)]
    public void Judge_Condition_RetriesWhatItNames(string on, AttemptFailure failure, int status, bool expected)
        => Assert.Equal(expected, Judge(on, new AttemptResult(failure, status)).Retry);

    [Theory]
    [InlineData("unavailable", 14, true)]
    [InlineData("unavailable", 13, false)]
    [InlineData("cancelled", 1, true)]
    [InlineData("deadline-exceeded", 4, true)]
    [InlineData("internal", 13, true)]
    [InlineData("resource-exhausted", 8, true)]
    public void Judge_GrpcStatus_RetriesWhatItNames(string on, int grpcStatus, bool expected)
        => Assert.Equal(expected, Judge(on, new AttemptResult(AttemptFailure.None, 200, grpcStatus)).Retry);

    [Fact]
    public void Judge_RateLimited_IsRetriedOnlyWhenAskedByName()
    {
        var limited = new AttemptResult(AttemptFailure.None, 503, IsRateLimited: true);

        Assert.False(Judge("5xx", limited).Retry);
        Assert.True(Judge("envoy-ratelimited", limited).Retry);
    }

    // istio#50506: payouts paid twice. A POST goes again only when no server can have seen it.
    [Theory]
    [InlineData(AttemptFailure.ConnectFailure, RetryRefusal.None)]
    [InlineData(AttemptFailure.ResetBeforeRequest, RetryRefusal.None)]
    [InlineData(AttemptFailure.RefusedStream, RetryRefusal.None)]
    [InlineData(AttemptFailure.StaleConnection, RetryRefusal.MayHaveBeenProcessed)]
    [InlineData(AttemptFailure.Reset, RetryRefusal.MayHaveBeenProcessed)]
    [InlineData(AttemptFailure.PerTryTimeout, RetryRefusal.MayHaveBeenProcessed)]
    [InlineData(AttemptFailure.None, RetryRefusal.MayHaveBeenProcessed)]
    public void Judge_NotIdempotent_NeedsProofThatNothingHappened(AttemptFailure failure, RetryRefusal expected)
        => Assert.Equal(expected, Judge("5xx,reset", new AttemptResult(failure, 503), Facts() with { IsIdempotent = false }).Refusal);

    [Theory]
    [InlineData("GET", true)]
    [InlineData("PUT", true)]
    [InlineData("DELETE", true)]
    [InlineData("POST", false)]
    [InlineData("PATCH", false)]
    [InlineData("get", false)]
    public void IsIdempotent_Method_AsRfc9110(string method, bool expected) => Assert.Equal(expected, RetryDecision.IsIdempotent(Compiled.Utf8(method)));

    [Fact]
    public void Judge_EachReasonAgainst_IsNamed()
    {
        var failed = new AttemptResult(AttemptFailure.ConnectFailure);

        Assert.Equal(RetryRefusal.NotNeeded, Judge("5xx", AttemptResult.Response(200)).Refusal);
        Assert.Equal(RetryRefusal.NoPolicy, Judge(null, failed).Refusal);
        Assert.Equal(RetryRefusal.ConditionNotConfigured, Judge("refused-stream", failed).Refusal);
        Assert.Equal(RetryRefusal.ResponseStarted, Judge("5xx", failed, Facts() with { HasResponseStarted = true }).Refusal);
        Assert.Equal(RetryRefusal.BodyNotReplayable, Judge("5xx", failed, Facts() with { IsBodyReplayable = false }).Refusal);
        Assert.Equal(RetryRefusal.AttemptsExhausted, Judge("5xx", failed, Facts() with { RetriesDone = 2 }).Refusal);
        Assert.Equal(RetryRefusal.BudgetExhausted, Judge("5xx", failed, Facts() with { ActiveRequests = 10, ActiveRetries = 3 }).Refusal);
    }

    [Theory]
    [InlineData(0u, 3u)]       // min_retry_concurrency
    [InlineData(15u, 3u)]
    [InlineData(20u, 4u)]      // 20 %
    [InlineData(1000u, 200u)]
    [InlineData(100_000u, 1024u)] // max_retries below
    public void Budget_ActiveRequests_IsAShareWithAFloorAndACeiling(uint active, uint expected)
    {
        ClusterConfig config = Grid.Eds("c");
        config.CircuitBreaker = new CircuitBreakerConfig(1, 1, 1, 1024);
        BlockImage image = Compiled.Of(config);

        Assert.Equal(expected, RetryDecision.Budget(new ClusterView(new BlockView(image.Bytes)).Root, active));
    }

    [Fact]
    public void Judge_BackOff_GrowsAndStaysUnderItsCeiling()
    {
        long first = 0, second = 0, tenth = 0;
        for (ulong draw = 0; draw < 500; draw++)
        {
            first = Math.Max(first, BackOff(0, draw));
            second = Math.Max(second, BackOff(1, draw));
            tenth = Math.Max(tenth, BackOff(9, draw));
        }

        Assert.InRange(first, 24 * TimeSpan.TicksPerMillisecond, 25 * TimeSpan.TicksPerMillisecond);
        Assert.InRange(second, 70 * TimeSpan.TicksPerMillisecond, 75 * TimeSpan.TicksPerMillisecond);
        Assert.InRange(tenth, 240 * TimeSpan.TicksPerMillisecond, 250 * TimeSpan.TicksPerMillisecond); // 10 × base
    }

    private static long BackOff(uint done, ulong draw)
        => Judge("5xx", new AttemptResult(AttemptFailure.ConnectFailure), Facts() with { RetriesDone = done }, draw, retries: 20).BackOffTicks;

    private static RetryFacts Facts() => new(0, IsIdempotent: true, HasResponseStarted: false, IsBodyReplayable: true, ActiveRequests: 1, ActiveRetries: 0);

    private static RetryVerdict Judge(string? on, AttemptResult result, RetryFacts? facts = null, ulong draw = 1, uint retries = 2)
    {
        RouteConfig route = Grid.Route("/", "c");
        if (on is not null)
        {
            Assert.True(RetryOnNames.TryParse(on, out RetryOn flags, out _));
            route.Forward!.RetryPolicy = new RetryPolicyConfig { RetryOn = flags, NumRetries = retries };
            route.Forward.RetryPolicy.RetriableStatusCodes.Add(418);
        }

        BlockImage host = Compiled.Of(Grid.VirtualHost("h", route), "t");
        BlockImage cluster = Compiled.Of(Grid.Eds("c"));
        var view = new VirtualHostView(new BlockView(host.Bytes));
        NoTrace none = default;
        RetryPolicyView policy = view.RetryPolicy(view.RetryPolicyIndex(view.Action(view.Route(0))));
        return RetryDecision.Judge(policy, new ClusterView(new BlockView(cluster.Bytes)), result, facts ?? Facts(), draw, ref none);
    }
}
