using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>
/// May this attempt be tried again? Envoy's conditions (xds.md C.3) under two rules of ours: a request that is not idempotent is retried only when
/// no server can have acted on it (istio#50506: payouts paid twice), and a retry budget always applies (field.md, retry amplification).
/// Retry headers of the request (<c>x-envoy-retry-on</c>, …) are not consulted, as for timeouts.
/// </summary>
public static class RetryDecision
{
    /// <summary>Envoy's default back-off base, 25 ms.</summary>
    public static readonly TimeLimit DefaultBackOffBase = TimeLimit.From(TimeSpan.FromMilliseconds(25));

    private const int MaxBackOffFactor = 10;

    /// <summary>RFC 9110 §9.2.2. Anything unknown is not.</summary>
    public static bool IsIdempotent(ReadOnlySpan<byte> method)
        => method.SequenceEqual("GET"u8) || method.SequenceEqual("HEAD"u8) || method.SequenceEqual("OPTIONS"u8)
            || method.SequenceEqual("PUT"u8) || method.SequenceEqual("DELETE"u8) || method.SequenceEqual("TRACE"u8);

    /// <param name="policy">The route's or virtual host's; empty for none.</param>
    /// <param name="cluster">Its budget and max_retries limit.</param>
    /// <param name="result">What the attempt gave.</param>
    /// <param name="facts">Counts and the request's state.</param>
    /// <param name="draw">From <see cref="EndpointDecision.DrawFor"/> with the next attempt's number: spreads the back-off.</param>
    /// <param name="trace">Hears the verdict.</param>
    public static RetryVerdict Judge<TTrace>(
        RetryPolicyView policy, ClusterView cluster, in AttemptResult result, in RetryFacts facts, ulong draw, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        RetryRefusal refusal = Refusal(policy, cluster, result, facts);
        long backOff = refusal == RetryRefusal.None ? BackOff(policy, facts.RetriesDone + 1, draw) : 0;
        if (TTrace.IsRecording && refusal != RetryRefusal.NotNeeded)
        {
            string detail = refusal == RetryRefusal.None ? $"retry {facts.RetriesDone + 1} after {backOff / TimeSpan.TicksPerMillisecond} ms" : refusal.ToString();
            trace.Record(new TraceStep(
                DecisionStage.Retry, refusal == RetryRefusal.None ? TraceVerdict.Taken : TraceVerdict.NotTaken, $"{result.Failure} {result.Status}", detail, []));
        }

        return new RetryVerdict(refusal, backOff);
    }

    /// <summary>Says what the policy would do; for explain, where no attempt was made.</summary>
    public static void Describe<TTrace>(VirtualHostView virtualHost, int routeIndex, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (!TTrace.IsRecording)
            return;
        ref readonly RouteRecord route = ref virtualHost.Route(routeIndex);
        RetryPolicyView policy = virtualHost.RetryPolicy(virtualHost.RetryPolicyIndex(virtualHost.Action(route)));
        string detail = policy.IsEmpty || policy.Root.NumRetries == 0
            ? "no retries"
            : $"up to {policy.Root.NumRetries} on {policy.Root.RetryOn}" + (policy.Root.ExcludePreviousHosts == 1 ? ", each on another endpoint" : "");
        trace.Record(new TraceStep(DecisionStage.Retry, TraceVerdict.Note, "retries", detail, virtualHost.Block.Origins(route.Origins, "retries")));
    }

    /// <summary>How many retries a cluster may have in flight: max(min_retry_concurrency, percent of active and pending requests), under max_retries.</summary>
    public static uint Budget(in ClusterRecord cluster, uint activeRequests)
    {
        ulong share = (ulong)activeRequests * cluster.RetryBudgetPercentHundredths / 10_000;
        return (uint)Math.Min(Math.Max(share, cluster.RetryBudgetMinConcurrency), cluster.Limits.MaxRetries);
    }

    private static RetryRefusal Refusal(RetryPolicyView policy, ClusterView cluster, in AttemptResult result, in RetryFacts facts)
    {
        if (result is { Failure: AttemptFailure.None, Status: < 400, GrpcStatus: <= 0, IsRateLimited: false })
            return RetryRefusal.NotNeeded;
        if (policy.IsEmpty || policy.Root.NumRetries == 0 || policy.Root.RetryOn == RetryOn.None)
            return RetryRefusal.NoPolicy;
        if (!Meets(policy, result))
            return RetryRefusal.ConditionNotConfigured;
        if (!facts.IsIdempotent && !result.IsProvablyUnprocessed)
            return RetryRefusal.MayHaveBeenProcessed;
        if (facts.HasResponseStarted)
            return RetryRefusal.ResponseStarted;
        if (!facts.IsBodyReplayable)
            return RetryRefusal.BodyNotReplayable;
        if (facts.RetriesDone >= policy.Root.NumRetries)
            return RetryRefusal.AttemptsExhausted;
        return facts.ActiveRetries >= Budget(cluster.Root, facts.ActiveRequests) ? RetryRefusal.BudgetExhausted : RetryRefusal.None;
    }

    private static bool Meets(RetryPolicyView policy, in AttemptResult result)
    {
        RetryOn on = policy.Root.RetryOn;
        return result.Failure == AttemptFailure.None ? MeetsResponse(policy, on, result) : (on & ConditionsOf(result.Failure)) != 0;
    }

    private static RetryOn ConditionsOf(AttemptFailure failure)
    {
        const RetryOn NoResponse = RetryOn.ServerError | RetryOn.GatewayError | RetryOn.Reset;
        return failure switch
        {
            AttemptFailure.ConnectFailure => NoResponse | RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest,
            AttemptFailure.ResetBeforeRequest => NoResponse | RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest,
            AttemptFailure.RefusedStream => NoResponse | RetryOn.RefusedStream | RetryOn.ResetBeforeRequest,
            // The keep-alive race is a failure of the connection, not of the request: whoever retries connects retries this (if idempotent).
            AttemptFailure.StaleConnection => NoResponse | RetryOn.ConnectFailure | RetryOn.ResetBeforeRequest,
            AttemptFailure.Reset or AttemptFailure.PerTryTimeout => NoResponse,
            _ => RetryOn.None,
        };
    }

    private static bool MeetsResponse(RetryPolicyView policy, RetryOn on, in AttemptResult result)
    {
        if (result.IsRateLimited)
            return (on & RetryOn.EnvoyRateLimited) != 0;
        RetryOn met = RetryOn.None;
        if (result.Status is >= 500 and <= 599)
            met |= RetryOn.ServerError;
        if (result.Status is >= 502 and <= 504)
            met |= RetryOn.GatewayError;
        if (result.Status == 409)
            met |= RetryOn.Retriable4xx;
        if ((on & RetryOn.RetriableStatusCodes) != 0 && policy.RetriableStatusCodes.Contains(result.Status))
            met |= RetryOn.RetriableStatusCodes;
        met |= result.GrpcStatus switch
        {
            1 => RetryOn.GrpcCancelled,
            4 => RetryOn.GrpcDeadlineExceeded,
            8 => RetryOn.GrpcResourceExhausted,
            13 => RetryOn.GrpcInternal,
            14 => RetryOn.GrpcUnavailable,
            _ => RetryOn.None,
        };
        return (on & met) != 0;
    }

    /// <summary>Uniform in [0, (2^N − 1) × base), capped: Envoy's full jitter.</summary>
    private static long BackOff(RetryPolicyView policy, uint retry, ulong draw)
    {
        TimeLimit configured = policy.Root.BackOffBase;
        long @base = configured.IsLimit ? configured.Ticks : DefaultBackOffBase.Ticks;
        long max = policy.Root.BackOffMax.IsLimit ? policy.Root.BackOffMax.Ticks : @base * MaxBackOffFactor;
        long span = Math.Min(max, ((1L << (int)Math.Min(retry, 20)) - 1) * @base);
        return (long)Draw.Below(Draw.Mix(draw), (ulong)Math.Max(span, 1));
    }
}
