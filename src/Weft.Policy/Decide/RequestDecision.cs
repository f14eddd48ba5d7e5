using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Virtual host, route, weighted cluster, cluster: everything about a request up to its endpoint, in one call.</summary>
public static class RequestDecision
{
    /// <param name="snapshot">The state that decides.</param>
    /// <param name="table">From <see cref="MeshSnapshot.RouteTableOf"/>.</param>
    /// <param name="request">Canonical.</param>
    /// <param name="requestId">Seeds the draw.</param>
    /// <param name="trace">Hears every step and near miss.</param>
    public static RequestChoice Decide<TTrace>(
        MeshSnapshot snapshot, RouteTableRef table, in RequestView request, ReadOnlySpan<byte> requestId, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (table.IsNone)
        {
            if (TTrace.IsRecording)
                trace.Record(new TraceStep(DecisionStage.VirtualHost, TraceVerdict.Failed, "", "the route configuration has not arrived", []));
            return Nothing(RequestOutcome.RouteConfigurationNotFound, table, VirtualHostRef.None);
        }

        VirtualHostRef reference = VirtualHostDecision.Match(snapshot, table, request, ref trace);
        if (reference.IsNone)
            return Nothing(RequestOutcome.NoVirtualHost, table, reference);
        VirtualHostView virtualHost = snapshot.VirtualHost(reference);
        if (virtualHost.Root.RequireTls != TlsRequirement.None && !request.Scheme.SequenceEqual("https"u8))
        {
            if (TTrace.IsRecording)
                trace.Record(new TraceStep(DecisionStage.VirtualHost, TraceVerdict.Note, TraceText.Of(virtualHost.Name), "requires TLS: redirect to https", []));
            return Nothing(RequestOutcome.TlsRequired, table, reference);
        }

        int index = RouteDecision.Match(virtualHost, request, ref trace);
        if (index == RouteDecision.NoRoute)
            return Nothing(RequestOutcome.NoRoute, table, reference);
        ref readonly RouteRecord route = ref virtualHost.Route(index);
        if (TTrace.IsRecording)
            RouteTrace.Describe(virtualHost, route, ref trace);
        return route.Action switch
        {
            RouteActionKind.Redirect => new RequestChoice(RequestOutcome.Redirect, table, reference, index, -1, ResourceId.None, 0),
            RouteActionKind.DirectResponse => new RequestChoice(RequestOutcome.DirectResponse, table, reference, index, -1, ResourceId.None, 0),
            _ => Forward(snapshot, table, reference, index, requestId, ref trace),
        };
    }

    /// <summary>The name of the cluster that a choice to forward names, known or not.</summary>
    public static NameRef ClusterName(VirtualHostView virtualHost, scoped in RequestChoice choice)
    {
        ref readonly RouteActionRecord action = ref virtualHost.Action(virtualHost.Route(choice.RouteIndex));
        return choice.WeightedIndex < 0 ? action.Cluster : virtualHost.Block.WeightedClusters(action.WeightedClusters)[choice.WeightedIndex].Cluster;
    }

    private static RequestChoice Forward<TTrace>(
        MeshSnapshot snapshot, RouteTableRef table, VirtualHostRef reference, int index, ReadOnlySpan<byte> requestId, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        VirtualHostView virtualHost = snapshot.VirtualHost(reference);
        ref readonly RouteActionRecord action = ref virtualHost.Action(virtualHost.Route(index));
        NameRef name = action.Cluster;
        int weighted = -1;
        ulong draw = 0;
        if (name.IsEmpty)
        {
            draw = Draw.Of(snapshot.Key, requestId, RouteDecision.DecidingId(virtualHost, index), 0);
            weighted = WeightedClusterDecision.Pick(virtualHost.Block, action.WeightedClusters, action.TotalWeight, draw, virtualHost.Route(index).Origins, ref trace);
            name = virtualHost.Block.WeightedClusters(action.WeightedClusters)[weighted].Cluster;
        }

        ResourceId cluster = snapshot.Find(BlockKind.Cluster, virtualHost.Block, name);
        if (TTrace.IsRecording)
            ClusterTrace.Explain(snapshot, cluster, virtualHost.Block.String(name), ref trace);
        RequestOutcome outcome = cluster.IsNone ? RequestOutcome.ClusterNotFound : RequestOutcome.Forward;
        return new RequestChoice(outcome, table, reference, index, weighted, cluster, draw);
    }

    private static RequestChoice Nothing(RequestOutcome outcome, RouteTableRef table, VirtualHostRef virtualHost)
        => new(outcome, table, virtualHost, RouteDecision.NoRoute, -1, ResourceId.None, 0);
}
