using System.Text.Json;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Dump;

/// <summary>A route table as <c>envoy.config.route.v3.RouteConfiguration</c>, with its virtual hosts inline wherever they came from.</summary>
internal static class RouteDump
{
    public static void Write(Utf8JsonWriter json, MeshSnapshot snapshot, RouteTableView table)
    {
        Open(json, table);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.VirtualHost); slot++)
        {
            BlockView block = snapshot.Block(BlockKind.VirtualHost, slot);
            if (!block.IsEmpty && table.Has(RouteTableFlags.UsesVhds) && RouteTableIndex.BelongsTo(table.Name, block.Name))
                VirtualHostDump.Write(json, new VirtualHostView(block));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void WriteInline(Utf8JsonWriter json, RouteTableView table)
    {
        Open(json, table);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    public static void Weighted(DumpWriter writer, Run clusters)
    {
        if (clusters.IsEmpty)
            return;
        writer.Json.WriteStartObject("weighted_clusters");
        writer.Json.WriteStartArray("clusters");
        foreach (ref readonly WeightedClusterRecord cluster in writer.Block.WeightedClusters(clusters))
        {
            writer.Json.WriteStartObject();
            writer.Text("name", cluster.Cluster);
            writer.Json.WriteNumber("weight", cluster.Weight);
            HeaderOpsDump.Write(writer, cluster.RequestOps, cluster.ResponseOps);
            writer.Text("host_rewrite_literal", cluster.HostRewriteLiteral);
            writer.Json.WriteEndObject();
        }

        writer.Json.WriteEndArray();
        writer.Json.WriteEndObject();
    }

    private static void Open(Utf8JsonWriter json, RouteTableView table)
    {
        var writer = new DumpWriter(json, table.Block);
        ref readonly RouteTableRecord root = ref table.Root;
        json.WriteStartObject();
        writer.Type("envoy.config.route.v3.RouteConfiguration");
        json.WriteString("name", table.Name);
        json.WriteBoolean("validate_clusters", table.Has(RouteTableFlags.ValidateClusters));
        writer.Flag("ignore_port_in_host_matching", table.Has(RouteTableFlags.IgnorePortInHostMatching));
        writer.Flag("most_specific_header_mutations_wins", table.Has(RouteTableFlags.MostSpecificHeaderMutationsWins));
        writer.Number("max_direct_response_body_size_bytes", root.MaxDirectResponseBodySizeBytes);
        HeaderOpsDump.Write(writer, root.RequestOps, root.ResponseOps);
        writer.Provenance(root.Origins);
        json.WriteStartArray("virtual_hosts");
        for (int i = 0; i < table.InlineCount; i++)
            VirtualHostDump.Write(json, table.Inline(i));
    }
}
