using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Trace;
using Weft.Proxy.Balance;
using Weft.Proxy.Pool;
using Weft.Proxy.Respond;

namespace Weft.Proxy.Http;

/// <summary>Asks policy where an attempt goes and over which transport, and finds the pool for it.</summary>
internal static class EndpointPick
{
    /// <summary>None and the pool, or why there is nowhere to go.</summary>
    public static LocalReply Pick(Exchange exchange, ClusterState cluster, in TriedEndpoints tried, out EndpointPool? pool)
    {
        pool = null;
        var worker = exchange.Worker;
        var snapshot = worker.Snapshot;
        if (!snapshot.IsAlive(BlockKind.Cluster, cluster.Id)) return LocalReply.ClusterNotFound;
        var view = snapshot.Cluster(cluster.Id);
        var endpoints = snapshot.EndpointsOf(view);
        var trace = default(NoTrace);
        var load = new ClusterLoad(cluster);
        ref var record = ref exchange.Record;
        ulong draw = EndpointDecision.DrawFor(snapshot, view, exchange.Text[record.RequestId], record.Attempts - 1u);
        record.EndpointSequence = cluster.Sequence++;
        var choice = EndpointDecision.Pick(view, endpoints, exchange.Connection.Destination, draw, record.EndpointSequence, tried.Addressed, ref load, ref trace);
        if (choice.Outcome == EndpointOutcome.NoHealthyUpstream)
        {
            cluster.Stats.Count(cluster.Stats.Metrics.CxNoneHealthy);
            return LocalReply.NoHealthyUpstream;
        }
        int tls = TransportSocketDecision.Choose(view, endpoints, choice.Index, ref trace);
        if (tls >= 0 && worker.Process.Tls.Client is null) return LocalReply.IdentityMissing;
        pool = choice.Index >= 0 ? cluster.PoolOf(choice.Index, choice.Address, tls) : cluster.PoolOf(choice.Address, tls);
        return LocalReply.None;
    }
}
