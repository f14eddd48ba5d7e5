using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;
using Weft.Proxy.Pool;

namespace Weft.Proxy.Http;

/// <summary>Asks policy whether an attempt may be made again, with the process's counts.</summary>
internal static class RetryJudge
{
    /// <param name="exchange">The request.</param>
    /// <param name="cluster">Where it went.</param>
    /// <param name="result">What the attempt gave.</param>
    /// <param name="retriesDone">Retries of policy so far.</param>
    /// <param name="isReplayable">The request is still whole in the replay buffer.</param>
    /// <param name="excludesTried">The policy wants another endpoint.</param>
    public static RetryVerdict Judge(Exchange exchange, ClusterState cluster, in AttemptResult result, uint retriesDone, bool isReplayable, out bool excludesTried)
    {
        excludesTried = false;
        var none = new RetryVerdict(RetryRefusal.NoPolicy, 0);
        var snapshot = exchange.Worker.Snapshot;
        if (!snapshot.IsAlive(BlockKind.Cluster, cluster.Id)) return none;
        // The policy in force now, if the route is still where it was; between the first try and this one the virtual host may have been replaced.
        var choice = exchange.Choice;
        var host = HostOf(snapshot, choice.VirtualHost, exchange.Record.Revision);
        if (host.IsEmpty || choice.RouteIndex >= host.Routes.Length || host.Route(choice.RouteIndex).Action != RouteActionKind.Route) return none;
        var policy = host.RetryPolicy(host.RetryPolicyIndex(host.Action(host.Route(choice.RouteIndex))));
        ref var record = ref exchange.Record;
        var facts = new RetryFacts(
            retriesDone,
            RetryDecision.IsIdempotent(exchange.Text[record.MethodText]),
            HasResponseStarted: false,
            isReplayable,
            (uint)(cluster.Breaker.Requests + cluster.Breaker.Pending),
            (uint)cluster.Breaker.Retries);
        var view = snapshot.Cluster(cluster.Id);
        var trace = default(NoTrace);
        ulong draw = EndpointDecision.DrawFor(snapshot, view, exchange.Text[record.RequestId], record.Attempts);
        excludesTried = !policy.IsEmpty && policy.Root.ExcludePreviousHosts != 0;
        return RetryDecision.Judge(policy, view, result, facts, draw, ref trace);
    }

    // A reference is valid with the snapshot that gave it; in a later one its place may be empty, or not exist any more.
    private static VirtualHostView HostOf(MeshSnapshot snapshot, in VirtualHostRef reference, long revision)
    {
        if (snapshot.Revision == revision) return snapshot.VirtualHost(reference);
        if (reference.Slot >= 0) return reference.Slot < snapshot.Slots(BlockKind.VirtualHost) ? snapshot.VirtualHost(reference) : default;
        int table = reference.Table.Slot;
        if (table < 0 || table >= snapshot.Slots(BlockKind.RouteTable)) return default;
        var routes = snapshot.RouteTable(reference.Table);
        return !routes.IsEmpty && reference.InlineOrdinal < routes.InlineCount ? routes.Inline(reference.InlineOrdinal) : default;
    }
}
