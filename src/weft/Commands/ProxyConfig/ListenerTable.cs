using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config listeners</c>: one row a filter chain, what it matches and where it leads.</summary>
internal static class ListenerTable
{
    public static Columns Render(ConfigDump dump, DumpFilter filter)
    {
        Columns table = new("ADDRESSES", "PORT", "MATCH", "DESTINATION");
        foreach (JsonElement listener in dump.Listeners())
        {
            string address = listener.Text("address.socket_address.address"), port = listener.Text("address.socket_address.port_value");
            if (!filter.Takes(port: port, address: address, name: listener.Text("name")))
            {
                continue;
            }

            IEnumerable<JsonElement> chains = listener.List("filter_chains");
            if (listener.At("default_filter_chain").ValueKind == JsonValueKind.Object)
            {
                chains = chains.Append(listener.At("default_filter_chain"));
            }

            foreach (JsonElement chain in chains)
            {
                table.Add(address, port, Match(chain.At("filter_chain_match")), Destination(chain));
            }
        }

        return table;
    }

    private static string Match(JsonElement match)
    {
        List<string> parts = [];
        Add("SNI", string.Join(",", match.List("server_names").Select(name => name.Text())));
        Add("Trans", match.Text("transport_protocol"));
        Add("App", string.Join(",", match.List("application_protocols").Select(name => name.Text())));
        Add("Addr", string.Join(",", match.List("prefix_ranges").Select(range => $"{range.Text("address_prefix")}/{range.Text("prefix_len")}")));
        Add("Addr", match.Text("destination_port") is { Length: > 0 } port ? $"*:{port}" : "");
        return parts.Count == 0 ? "ALL" : string.Join("; ", parts);

        void Add(string word, string value)
        {
            if (value.Length > 0)
            {
                parts.Add($"{word}: {value}");
            }
        }
    }

    private static string Destination(JsonElement chain)
    {
        foreach (JsonElement config in chain.List("filters").Select(filter => filter.At("typed_config")))
        {
            if (config.Text("rds.route_config_name") is { Length: > 0 } route)
            {
                return $"Route: {route}";
            }

            if (config.At("route_config").ValueKind == JsonValueKind.Object)
            {
                string cluster = config.List("route_config.virtual_hosts").SelectMany(host => host.List("routes")).Select(one => one.Text("route.cluster")).FirstOrDefault(name => name.Length > 0) ?? "";
                return cluster.Length > 0 ? Cluster(cluster) : $"Inline route: {config.Text("route_config.name")}";
            }

            if (config.Text("cluster") is { Length: > 0 } direct)
            {
                return direct == "BlackHoleCluster" ? "Non-HTTP/Non-TCP" : Cluster(direct);
            }

            if (config.At("weighted_clusters").ValueKind == JsonValueKind.Object)
            {
                return string.Join(", ", config.List("weighted_clusters.clusters").Select(one => $"{one.Text("weight")} {one.Text("name")}"));
            }
        }

        return "-";
    }

    private static string Cluster(string name) => name.Contains('|', System.StringComparison.Ordinal) ? $"Cluster: {name}" : name;
}
