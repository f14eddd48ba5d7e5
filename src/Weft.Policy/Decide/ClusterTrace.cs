using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Says which cluster was meant and whether it is known.</summary>
internal static class ClusterTrace
{
    public static void Explain<TTrace>(MeshSnapshot snapshot, ResourceId id, string name, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (id.IsNone)
        {
            trace.Record(new TraceStep(DecisionStage.Cluster, TraceVerdict.Failed, name, "no such cluster", []));
            return;
        }

        ClusterView cluster = snapshot.Cluster(id);
        ref readonly ClusterRecord root = ref cluster.Root;
        string subset = root.Subset.IsEmpty ? "" : $", subset '{cluster.Block.String(root.Subset)}'";
        trace.Record(new TraceStep(
            DecisionStage.Cluster, TraceVerdict.Taken, name, $"{root.Type}, {root.LoadBalancing}{subset}", cluster.Block.Origins(root.Origins)));
    }
}
