using System;
using Weft.Policy.Blocks;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Picks an entry of weighted_clusters by a draw.</summary>
public static class WeightedClusterDecision
{
    /// <summary>Index within the run. Entries of weight 0 are never picked.</summary>
    /// <param name="block">Where the clusters lie.</param>
    /// <param name="clusters">weighted_clusters, not empty, total above 0.</param>
    /// <param name="totalWeight">Their sum.</param>
    /// <param name="draw">From <see cref="Draw.Of"/>.</param>
    /// <param name="origins">Of the route or TCP proxy; those of aspect <c>weight[i]</c> are shown with each entry.</param>
    /// <param name="trace">Hears the weights.</param>
    public static int Pick<TTrace>(BlockView block, Run clusters, ulong totalWeight, ulong draw, Run origins, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ReadOnlySpan<WeightedClusterRecord> entries = block.WeightedClusters(clusters);
        ulong point = Draw.Below(draw, totalWeight);
        ulong upTo = 0;
        int picked = entries.Length - 1;
        for (int i = 0; i < entries.Length; i++)
        {
            upTo += entries[i].Weight;
            if (point >= upTo)
                continue;
            picked = i;
            break;
        }

        if (TTrace.IsRecording)
            Explain(block, entries, picked, point, totalWeight, origins, ref trace);
        return picked;
    }

    private static void Explain<TTrace>(
        BlockView block, ReadOnlySpan<WeightedClusterRecord> entries, int picked, ulong point, ulong total, Run origins, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        for (int i = 0; i < entries.Length; i++)
        {
            string detail = $"weight {entries[i].Weight} of {total}" + (i == picked ? $"; the draw fell on {point}" : "");
            trace.Record(new TraceStep(
                DecisionStage.WeightedCluster,
                i == picked ? TraceVerdict.Taken : TraceVerdict.NotTaken,
                $"[{i}] {block.String(entries[i].Cluster)}",
                detail,
                block.Origins(origins, $"weight[{i}]")));
        }
    }
}
