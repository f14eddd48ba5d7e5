using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Writes weighted_clusters, for routes and TCP proxies alike.</summary>
internal static class WeightedClusterWriter
{
    public static Run Add(BlockWriter writer, List<WeightedClusterConfig> clusters, string path, ConfigProblems problems, out ulong total)
    {
        total = 0;
        var records = new List<WeightedClusterRecord>();
        for (int i = 0; i < clusters.Count; i++)
        {
            WeightedClusterConfig cluster = clusters[i];
            string at = $"{path}.clusters[{i}]";
            if (cluster.Cluster.Length == 0)
                problems.Add(at + ".name", "must not be empty");
            total += cluster.Weight;
            records.Add(new WeightedClusterRecord
            {
                Cluster = writer.Name(cluster.Cluster),
                Weight = cluster.Weight,
                RequestOps = HeaderOpsWriter.AddRequest(writer, cluster.Headers, at + ".", problems),
                ResponseOps = HeaderOpsWriter.AddResponse(writer, cluster.Headers, at + ".", problems),
                HostRewriteLiteral = writer.Text(cluster.HostRewriteLiteral),
            });
        }

        if (clusters.Count > 0 && total is 0 or > uint.MaxValue)
            problems.Add(path, "the sum of weights must be from 1 to 4294967295");
        int start = writer.Count(BlockSection.WeightedClusters);
        foreach (WeightedClusterRecord record in records)
            writer.Add(BlockSection.WeightedClusters, in record);
        return writer.Since(BlockSection.WeightedClusters, start);
    }
}
