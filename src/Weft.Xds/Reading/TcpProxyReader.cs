using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Extensions.Filters.Network.TcpProxy.V3.TcpProxy;

namespace Weft.Xds.Reading;

/// <summary>TcpProxy.</summary>
internal static class TcpProxyReader
{
    public static TcpProxyConfig Read(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var tcp = new TcpProxyConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.StatPrefixFieldNumber: tcp.StatPrefix = field.Text; break;
                case Fields.ClusterFieldNumber: tcp.Cluster = field.Text; break;
                case Fields.WeightedClustersFieldNumber:
                    using (report.At("weighted_clusters")) WeightedClusters(field.Bytes, tcp.WeightedClusters, report);
                    break;
                case Fields.IdleTimeoutFieldNumber: tcp.IdleTimeout = CommonReader.Duration(field, "idle_timeout", report); break;
                case Fields.MaxDownstreamConnectionDurationFieldNumber:
                    tcp.MaxDownstreamConnectionDuration = CommonReader.Duration(field, "max_downstream_connection_duration", report);
                    break;
                case Fields.MaxConnectAttemptsFieldNumber: tcp.MaxConnectAttempts = CommonReader.Wrapped(field); break;
            }
        }

        return tcp;
    }

    private static void WeightedClusters(ReadOnlySpan<byte> bytes, List<WeightedClusterConfig> into, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            using (report.At("clusters", into.Count)) into.Add(WeightedCluster(field.Bytes, report));
        }

        if (into.Count == 0) report.Add("clusters", "needs at least one");
    }

    private static WeightedClusterConfig WeightedCluster(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var cluster = new WeightedClusterConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) cluster.Cluster = field.Text;
            else if (field.Number == 2) cluster.Weight = field.UInt32;
        }

        if (cluster.Cluster.Length == 0) report.Add("name", "must not be empty");
        if (cluster.Weight == 0) report.Add("weight", "must be at least 1");
        return cluster;
    }
}
