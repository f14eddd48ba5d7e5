using System;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Which cluster a TCP proxy sends a connection to.</summary>
public static class TcpDecision
{
    /// <summary>The cluster; None when it is unknown (the connection is closed, NC).</summary>
    /// <param name="snapshot">The state that decides.</param>
    /// <param name="listener">Where the TCP proxy lies.</param>
    /// <param name="tcpIndex"><see cref="FilterChainRecord.TerminalIndex"/>.</param>
    /// <param name="connectionId">Seeds the draw among weighted clusters.</param>
    /// <param name="trace">Hears the steps.</param>
    public static ResourceId Decide<TTrace>(
        MeshSnapshot snapshot, ListenerView listener, int tcpIndex, ReadOnlySpan<byte> connectionId, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ref readonly TcpProxyRecord tcp = ref listener.Tcp(tcpIndex);
        NameRef name = tcp.Cluster;
        if (name.IsEmpty)
        {
            ulong decider = Draw.Mix(NameHash.Of(listener.Name) + NameHash.Of(listener.Block.Utf8(tcp.StatPrefix)));
            ulong draw = Draw.Of(snapshot.Key, connectionId, decider, 0);
            int picked = WeightedClusterDecision.Pick(listener.Block, tcp.WeightedClusters, tcp.TotalWeight, draw, tcp.Origins, ref trace);
            name = listener.Block.WeightedClusters(tcp.WeightedClusters)[picked].Cluster;
        }

        ResourceId cluster = snapshot.Find(BlockKind.Cluster, listener.Block, name);
        if (TTrace.IsRecording)
            ClusterTrace.Explain(snapshot, cluster, listener.Block.String(name), ref trace);
        return cluster;
    }
}
