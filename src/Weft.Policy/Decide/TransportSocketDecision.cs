using System;
using Weft.Policy.Blocks;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Plaintext or mutual TLS to an endpoint: the first transport_socket_match whose criteria the endpoint meets (auto mTLS by tlsMode).</summary>
public static class TransportSocketDecision
{
    /// <summary>No match and no TLS: plaintext.</summary>
    public const int Plaintext = -1;

    /// <summary>Index for <see cref="ClusterView.Tls"/>, or <see cref="Plaintext"/>.</summary>
    /// <param name="cluster">Holds the matches.</param>
    /// <param name="endpoints">Where the endpoint lies; empty for an original destination.</param>
    /// <param name="endpointIndex">-1 for an original destination: it meets only matches without criteria.</param>
    /// <param name="trace">Hears which match decided.</param>
    public static int Choose<TTrace>(ClusterView cluster, EndpointSetView endpoints, int endpointIndex, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ReadOnlySpan<TransportSocketRecord> sockets = cluster.TransportSockets;
        for (int i = 0; i < sockets.Length; i++)
        {
            bool isMet = IsMet(cluster, sockets[i], endpoints, endpointIndex);
            if (TTrace.IsRecording)
                Explain(cluster, sockets[i], isMet, ref trace);
            if (isMet)
                return sockets[i].Tls;
        }

        if (TTrace.IsRecording)
            trace.Record(new TraceStep(DecisionStage.TransportSocket, TraceVerdict.Taken, "raw_buffer", "plaintext: the cluster asks for no TLS", []));
        return Plaintext;
    }

    private static bool IsMet(ClusterView cluster, in TransportSocketRecord socket, EndpointSetView endpoints, int endpointIndex)
    {
        foreach (ref readonly PairRecord wanted in cluster.Block.Pairs(socket.Criteria))
        {
            if (endpointIndex < 0 || !Has(cluster.Block, wanted, endpoints, endpoints.Endpoints[endpointIndex].SocketMatch))
                return false;
        }

        return true;
    }

    private static bool Has(BlockView from, in PairRecord wanted, EndpointSetView endpoints, Run metadata)
    {
        foreach (ref readonly PairRecord pair in endpoints.Block.Pairs(metadata))
        {
            if (endpoints.Block.Utf8(pair.Key).SequenceEqual(from.Utf8(wanted.Key)))
                return endpoints.Block.Utf8(pair.Value).SequenceEqual(from.Utf8(wanted.Value));
        }

        return false;
    }

    private static void Explain<TTrace>(ClusterView cluster, in TransportSocketRecord socket, bool isMet, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        BlockView block = cluster.Block;
        string detail = isMet ? "" : "the endpoint does not have ";
        if (!isMet)
        {
            foreach (PairRecord pair in block.Pairs(socket.Criteria))
                detail += $"{block.String(pair.Key)}={block.String(pair.Value)} ";
        }
        else
        {
            detail = socket.Tls < 0 ? "plaintext" : $"TLS with SNI {block.String(cluster.Tls(socket.Tls).Sni)}";
        }

        string name = socket.Name.IsEmpty ? "transport_socket" : block.String(socket.Name);
        trace.Record(new TraceStep(
            DecisionStage.TransportSocket,
            isMet ? TraceVerdict.Taken : TraceVerdict.NotTaken,
            name,
            detail.TrimEnd(),
            block.Origins(cluster.Root.Origins, "tls")));
    }
}
