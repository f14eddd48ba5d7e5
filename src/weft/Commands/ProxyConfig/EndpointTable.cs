using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config endpoints</c>: one row an endpoint of a cluster.</summary>
internal static class EndpointTable
{
    public static Columns Render(ConfigDump dump, DumpFilter filter)
    {
        Columns table = new("ENDPOINT", "STATUS", "TLS MODE", "LOCALITY", "CLUSTER");
        foreach (JsonElement set in dump.Endpoints())
        {
            string cluster = set.Text("cluster_name");
            foreach (JsonElement locality in set.List("endpoints"))
            {
                foreach (JsonElement endpoint in locality.List("lb_endpoints"))
                {
                    string address = endpoint.Text("endpoint.address.socket_address.address"), port = endpoint.Text("endpoint.address.socket_address.port_value");
                    if (filter.Takes(address: address, port: port, cluster: cluster))
                    {
                        string[] place = [locality.Text("locality.region"), locality.Text("locality.zone"), locality.Text("locality.sub_zone")];
                        table.Add($"{address}:{port}", endpoint.Text("health_status") is { Length: > 0 } health ? health : "HEALTHY",
                            TlsMode(endpoint), string.Join("/", place.Where(part => part.Length > 0)), cluster);
                    }
                }
            }
        }

        return table;
    }

    private static string TlsMode(JsonElement endpoint) =>
        endpoint.At("metadata.filter_metadata") is { ValueKind: JsonValueKind.Object } metadata
        && metadata.TryGetProperty("envoy.transport_socket_match", out JsonElement match) && match.Text("tlsMode") is { Length: > 0 } mode ? mode : "-";
}
