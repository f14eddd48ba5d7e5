using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>
/// Picks an endpoint among the ready ones. Pure: the draw and the loop's sequence for this cluster are arguments, in-flight counts come through
/// <see cref="IEndpointLoad"/>. There is no panic mode: an endpoint that is not ready gets no request (a row in differences.md).
/// </summary>
public static class EndpointDecision
{
    /// <summary>More than this many re-picks of tried endpoints are settled by a scan.</summary>
    private const int MaxRedraws = 3;

    /// <summary>Draw for an attempt, the same offline as in the proxy; pass it to <see cref="Pick"/>.</summary>
    public static ulong DrawFor(MeshSnapshot snapshot, ClusterView cluster, ReadOnlySpan<byte> requestId, uint attempt)
        => Draw.Of(snapshot.Key, requestId, NameHash.Of(cluster.Name), attempt);

    /// <param name="cluster">Its type and balancer decide.</param>
    /// <param name="endpoints">From <see cref="MeshSnapshot.EndpointsOf"/>; may be empty.</param>
    /// <param name="originalDestination">For ORIGINAL_DST clusters.</param>
    /// <param name="draw">From <see cref="DrawFor"/>.</param>
    /// <param name="sequence">Counts this loop's picks of this cluster.</param>
    /// <param name="tried">Endpoints of earlier attempts, when the retry policy excludes them; they are passed over while another is ready.</param>
    /// <param name="load">In-flight requests.</param>
    /// <param name="trace">Hears who was ready and who was picked.</param>
    public static EndpointChoice Pick<TLoad, TTrace>(
        ClusterView cluster,
        EndpointSetView endpoints,
        in IpPort originalDestination,
        ulong draw,
        uint sequence,
        ReadOnlySpan<IpPort> tried,
        ref TLoad load,
        ref TTrace trace)
        where TLoad : struct, IEndpointLoad, allows ref struct
        where TTrace : struct, IDecisionTrace
    {
        EndpointChoice choice = cluster.Root.Type == ClusterType.OriginalDestination
            ? ToOriginalDestination(cluster, originalDestination)
            : endpoints.IsEmpty || endpoints.Root.ReadyCount == 0
                ? new EndpointChoice(EndpointOutcome.NoHealthyUpstream, -1, default, false)
                : PickReady(cluster, endpoints, draw, sequence, tried, ref load);
        if (TTrace.IsRecording)
            EndpointTrace.Explain(cluster, endpoints, choice, ref trace);
        return choice;
    }

    private static EndpointChoice ToOriginalDestination(ClusterView cluster, in IpPort destination)
    {
        int port = cluster.Root.UpstreamPortOverride;
        return new EndpointChoice(EndpointOutcome.OriginalDestination, -1, port == 0 ? destination : new IpPort(destination.Address, port), false);
    }

    private static EndpointChoice PickReady<TLoad>(
        ClusterView cluster, EndpointSetView endpoints, ulong draw, uint sequence, ReadOnlySpan<IpPort> tried, ref TLoad load)
        where TLoad : struct, IEndpointLoad, allows ref struct
    {
        ReadOnlySpan<EndpointRecord> all = endpoints.Endpoints;
        PriorityRecord priority = ChoosePriority(endpoints.Priorities, draw);
        int index = -1;
        for (uint i = 0; i <= MaxRedraws; i++)
        {
            index = PickOnce(cluster, all, priority, draw, sequence + i, ref load);
            if (tried.IsEmpty || !tried.Contains(all[index].Endpoint))
                return Chosen(all, index, isRepeat: false);
        }

        int fresh = ScanForUntried(all, endpoints.Priorities, priority, index, tried);
        return fresh >= 0 ? Chosen(all, fresh, isRepeat: false) : Chosen(all, index, isRepeat: true);
    }

    private static EndpointChoice Chosen(ReadOnlySpan<EndpointRecord> all, int index, bool isRepeat)
        => new(EndpointOutcome.Endpoint, index, all[index].Endpoint, isRepeat);

    /// <summary>By the shares that were computed when the set was built; they sum to 100 when anything is ready.</summary>
    private static PriorityRecord ChoosePriority(ReadOnlySpan<PriorityRecord> priorities, ulong draw)
    {
        if (priorities[0].LoadPercent == 100)
            return priorities[0];
        ulong point = Draw.Below(Draw.Mix(draw), 100);
        ulong upTo = 0;
        foreach (PriorityRecord priority in priorities)
        {
            upTo += (ulong)priority.LoadPercent;
            if (point < upTo && priority.Ready > 0)
                return priority;
        }

        foreach (PriorityRecord priority in priorities)
        {
            if (priority.Ready > 0)
                return priority;
        }

        return default;
    }

    private static int PickOnce<TLoad>(
        ClusterView cluster, ReadOnlySpan<EndpointRecord> all, in PriorityRecord priority, ulong draw, uint sequence, ref TLoad load)
        where TLoad : struct, IEndpointLoad, allows ref struct
        => cluster.Root.LoadBalancing switch
        {
            LoadBalancingPolicy.LeastRequest => LeastRequest(cluster, all, priority, Draw.WithSequence(draw, sequence), ref load),
            LoadBalancingPolicy.RoundRobin => RoundRobin(all, priority, sequence),
            _ => ByWeight(all, priority, Draw.WithSequence(draw, sequence)),
        };

    /// <summary>
    /// Equal weights: one after the other. Unequal: the multiples of the golden ratio, which spread over [0, 1) more evenly than any draw, mapped
    /// onto the weights; so each gets its share over a few picks without keeping a schedule.
    /// </summary>
    private static int RoundRobin(ReadOnlySpan<EndpointRecord> all, in PriorityRecord priority, uint sequence)
        => priority.IsUniform == 1
            ? priority.Start + (int)(sequence % (uint)priority.Ready)
            : ByWeight(all, priority, sequence * 0x9E37_79B9_7F4A_7C15);

    /// <summary>Of a few draws (two unless configured) the endpoint with the fewest requests in flight for its weight.</summary>
    private static int LeastRequest<TLoad>(
        ClusterView cluster, ReadOnlySpan<EndpointRecord> all, in PriorityRecord priority, ulong draw, ref TLoad load)
        where TLoad : struct, IEndpointLoad, allows ref struct
    {
        uint choices = Math.Max(2, cluster.Root.ChoiceCount);
        int best = ByWeight(all, priority, draw);
        for (uint i = 1; i < choices && priority.Ready > 1; i++)
        {
            int other = ByWeight(all, priority, Draw.Mix(draw + i));
            if (other == best)
                other = priority.Start + (best - priority.Start + 1) % priority.Ready;
            best = IsLighter(all, other, best, ref load) ? other : best;
        }

        return best;
    }

    private static bool IsLighter<TLoad>(ReadOnlySpan<EndpointRecord> all, int a, int b, ref TLoad load)
        where TLoad : struct, IEndpointLoad, allows ref struct
        => ((long)load.ActiveRequests(a) + 1) * all[b].Weight < ((long)load.ActiveRequests(b) + 1) * all[a].Weight;

    private static int ByWeight(ReadOnlySpan<EndpointRecord> all, in PriorityRecord priority, ulong draw)
    {
        if (priority.IsUniform == 1)
            return priority.Start + (int)Draw.Below(draw, (ulong)priority.Ready);
        ulong point = Draw.Below(draw, priority.ReadyWeight);
        int last = priority.Start + priority.Ready - 1;
        for (int i = priority.Start; i < last; i++)
        {
            if (point < all[i].Weight)
                return i;
            point -= all[i].Weight;
        }

        return last;
    }

    /// <summary>The next ready endpoint that was not tried: after the pick in its priority, else in any priority.</summary>
    private static int ScanForUntried(
        ReadOnlySpan<EndpointRecord> all, ReadOnlySpan<PriorityRecord> priorities, in PriorityRecord own, int from, ReadOnlySpan<IpPort> tried)
    {
        for (int i = 0; i < own.Ready; i++)
        {
            int index = own.Start + (from - own.Start + i) % own.Ready;
            if (!tried.Contains(all[index].Endpoint))
                return index;
        }

        foreach (ref readonly PriorityRecord priority in priorities)
        {
            for (int i = priority.Start; i < priority.Start + priority.Ready; i++)
            {
                if (!tried.Contains(all[i].Endpoint))
                    return i;
            }
        }

        return -1;
    }
}
