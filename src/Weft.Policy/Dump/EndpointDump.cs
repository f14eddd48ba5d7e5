using System.Text.Json;
using Weft.Policy.Blocks;

namespace Weft.Policy.Dump;

/// <summary>An endpoint set as <c>envoy.config.endpoint.v3.ClusterLoadAssignment</c>: runs of one locality and priority make one entry.</summary>
internal static class EndpointDump
{
    public static void Write(Utf8JsonWriter json, EndpointSetView set, bool withType)
    {
        var writer = new DumpWriter(json, set.Block);
        json.WriteStartObject();
        if (withType)
            writer.Type("envoy.config.endpoint.v3.ClusterLoadAssignment");
        json.WriteString("cluster_name", set.Name);
        json.WriteStartArray("endpoints");
        for (int i = 0; i < set.Endpoints.Length; i++)
        {
            ref readonly EndpointRecord endpoint = ref set.Endpoints[i];
            bool continues = i > 0 && endpoint.Priority == set.Endpoints[i - 1].Priority && endpoint.Locality == set.Endpoints[i - 1].Locality;
            if (!continues)
                OpenLocality(writer, endpoint, isFirst: i == 0);
            Endpoint(writer, endpoint);
        }

        if (set.Endpoints.Length > 0)
        {
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void OpenLocality(DumpWriter writer, in EndpointRecord endpoint, bool isFirst)
    {
        if (!isFirst)
        {
            writer.Json.WriteEndArray();
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteStartObject();
        writer.Json.WriteStartObject("locality");
        if (!endpoint.Locality.IsEmpty)
        {
            writer.Text("region", writer.Block.Texts(endpoint.Locality)[0]);
            writer.Text("zone", writer.Block.Texts(endpoint.Locality)[1]);
            writer.Text("sub_zone", writer.Block.Texts(endpoint.Locality)[2]);
        }

        writer.Json.WriteEndObject();
        writer.Number("load_balancing_weight", endpoint.LocalityWeight);
        writer.Number("priority", endpoint.Priority);
        writer.Json.WriteStartArray("lb_endpoints");
    }

    private static void Endpoint(DumpWriter writer, in EndpointRecord endpoint)
    {
        writer.Json.WriteStartObject();
        writer.Json.WriteStartObject("endpoint");
        writer.Address("address", endpoint.Address, endpoint.Port);
        writer.Text("hostname", endpoint.Hostname);
        writer.Json.WriteEndObject();
        writer.Json.WriteString("health_status", DumpNames.Upper(endpoint.Health.ToString()));
        writer.Json.WriteNumber("load_balancing_weight", endpoint.Weight);
        writer.Json.WriteStartObject("metadata");
        writer.Json.WriteStartObject("filter_metadata");
        if (!endpoint.SocketMatch.IsEmpty)
            writer.Pairs("envoy.transport_socket_match", endpoint.SocketMatch);
        if (!endpoint.Workload.IsEmpty)
        {
            writer.Json.WriteStartObject("istio");
            writer.Text("workload", endpoint.Workload);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndObject();
        writer.TypedProvenance(endpoint.Origins);
        writer.Json.WriteEndObject();
        writer.Json.WriteEndObject();
    }
}
