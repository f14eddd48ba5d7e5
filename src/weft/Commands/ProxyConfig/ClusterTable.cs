using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config clusters</c>: one row a cluster, its name taken apart (direction|port|subset|fqdn).</summary>
internal static class ClusterTable
{
    public static Columns Render(ConfigDump dump, DumpFilter filter)
    {
        Columns table = new("SERVICE FQDN", "PORT", "SUBSET", "DIRECTION", "TYPE", "DESTINATION RULE");
        foreach (JsonElement cluster in dump.Clusters())
        {
            string name = cluster.Text("name");
            string[] parts = name.Split('|');
            bool isPlain = parts.Length != 4;
            if (filter.Takes(fqdn: isPlain ? name : parts[3], port: isPlain ? "" : parts[1], direction: isPlain ? "" : parts[0], subset: isPlain ? "" : parts[2], name: name))
            {
                table.Add(isPlain ? name : parts[3], isPlain ? "-" : parts[1], isPlain || parts[2].Length == 0 ? "-" : parts[2], isPlain ? "-" : parts[0],
                    cluster.Text("type"), Origins.Of(cluster, "DestinationRule"));
            }
        }

        return table;
    }
}
