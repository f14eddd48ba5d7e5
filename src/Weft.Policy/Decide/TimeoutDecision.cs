using System;
using Weft.Policy.Blocks;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>
/// The time limits of a forwarded request (xds.md C.4). <c>x-envoy-upstream-rq-timeout-ms</c> and its kin are not consulted: they count only from
/// internal requests, and without internal_address_config (empty by default) no request is internal; the proxy strips them.
/// </summary>
public static class TimeoutDecision
{
    /// <summary>Envoy's default for a route without a timeout.</summary>
    public static readonly TimeLimit DefaultRouteTimeout = TimeLimit.From(TimeSpan.FromSeconds(15));

    /// <summary>Envoy's default for stream_idle_timeout.</summary>
    public static readonly TimeLimit DefaultStreamIdleTimeout = TimeLimit.From(TimeSpan.FromMinutes(5));

    public static RequestTimeouts Of<TTrace>(VirtualHostView virtualHost, int routeIndex, in HttpManagerRecord http, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ref readonly RouteRecord route = ref virtualHost.Route(routeIndex);
        ref readonly RouteActionRecord action = ref virtualHost.Action(route);
        RetryPolicyView retry = virtualHost.RetryPolicy(virtualHost.RetryPolicyIndex(action));
        TimeLimit total = action.Timeout.Or(DefaultRouteTimeout);
        TimeLimit perTry = retry.IsEmpty ? TimeLimit.Off : retry.Root.PerTryTimeout.Or(TimeLimit.Off);
        bool isPointless = total.IsLimit && perTry.Ticks >= total.Ticks;
        var timeouts = new RequestTimeouts(
            total,
            isPointless ? TimeLimit.Off : perTry,
            retry.IsEmpty ? TimeLimit.Off : retry.Root.PerTryIdleTimeout.Or(TimeLimit.Off),
            action.IdleTimeout.Or(http.StreamIdleTimeout).Or(DefaultStreamIdleTimeout),
            action.MaxStreamDuration.Or(http.MaxStreamDuration).Or(TimeLimit.Off));
        if (TTrace.IsRecording)
            Explain(virtualHost, route, timeouts, ref trace);
        return timeouts;
    }

    private static void Explain<TTrace>(VirtualHostView virtualHost, in RouteRecord route, in RequestTimeouts timeouts, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        string detail = $"route {Shown(timeouts.Route)}, per try {Shown(timeouts.PerTry)}, stream idle {Shown(timeouts.StreamIdle)}";
        trace.Record(new TraceStep(DecisionStage.Timeout, TraceVerdict.Note, "timeouts", detail, virtualHost.Block.Origins(route.Origins, "timeout")));
    }

    private static string Shown(TimeLimit limit) => limit.IsLimit ? limit.Value.ToString("c", null) : "off";
}
