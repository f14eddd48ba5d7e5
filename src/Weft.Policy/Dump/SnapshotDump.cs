using System;
using System.Text.Json;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Dump;

/// <summary>
/// Writes a snapshot in the shape of Envoy's <c>/config_dump</c> (envoy.admin.v3), proto field names in snake_case. Off the hot path; the caller
/// holds the snapshot through a <see cref="SnapshotReader"/> meanwhile. <c>version_info</c> is the block's content digest.
/// </summary>
public static class SnapshotDump
{
    private const string Admin = "type.googleapis.com/envoy.admin.v3.";

    /// <summary>The whole dump: <c>{"configs":[…]}</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="snapshot">What.</param>
    /// <param name="includeEndpoints"><c>include_eds</c>.</param>
    /// <param name="writeOwnSecrets">Adds entries to <c>dynamic_active_secrets</c>: the proxy's own certificate, which is in no block.</param>
    public static void Write(Utf8JsonWriter json, MeshSnapshot snapshot, bool includeEndpoints, Action<Utf8JsonWriter>? writeOwnSecrets = null)
    {
        json.WriteStartObject();
        json.WriteStartArray("configs");
        WriteClusters(json, snapshot);
        if (includeEndpoints)
            WriteEndpoints(json, snapshot);
        WriteListeners(json, snapshot);
        WriteRoutes(json, snapshot);
        WriteSecrets(json, snapshot, writeOwnSecrets);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One listener as Envoy's message.</summary>
    public static void Write(Utf8JsonWriter json, ListenerView listener) => ListenerDump.Write(json, listener);

    /// <summary>One cluster as Envoy's message.</summary>
    public static void Write(Utf8JsonWriter json, ClusterView cluster) => ClusterDump.Write(json, cluster);

    /// <summary>One endpoint set as Envoy's message.</summary>
    public static void Write(Utf8JsonWriter json, EndpointSetView endpoints) => EndpointDump.Write(json, endpoints, withType: true);

    /// <summary>One route table as Envoy's message, its virtual hosts inline.</summary>
    public static void Write(Utf8JsonWriter json, MeshSnapshot snapshot, RouteTableView table) => RouteDump.Write(json, snapshot, table);

    private static void WriteClusters(Utf8JsonWriter json, MeshSnapshot snapshot)
    {
        Open(json, "ClustersConfigDump", "dynamic_active_clusters", snapshot);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.Cluster); slot++)
        {
            var cluster = new ClusterView(snapshot.Block(BlockKind.Cluster, slot));
            if (cluster.IsEmpty)
                continue;
            json.WriteStartObject();
            Version(json, snapshot, BlockKind.Cluster, slot);
            json.WritePropertyName("cluster");
            ClusterDump.Write(json, cluster);
            json.WriteEndObject();
        }

        Close(json);
    }

    private static void WriteEndpoints(Utf8JsonWriter json, MeshSnapshot snapshot)
    {
        Open(json, "EndpointsConfigDump", "dynamic_endpoint_configs", snapshot);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.EndpointSet); slot++)
        {
            var set = new EndpointSetView(snapshot.Block(BlockKind.EndpointSet, slot));
            if (set.IsEmpty)
                continue;
            json.WriteStartObject();
            Version(json, snapshot, BlockKind.EndpointSet, slot);
            json.WritePropertyName("endpoint_config");
            EndpointDump.Write(json, set, withType: true);
            json.WriteEndObject();
        }

        Close(json);
    }

    private static void WriteListeners(Utf8JsonWriter json, MeshSnapshot snapshot)
    {
        Open(json, "ListenersConfigDump", "dynamic_listeners", snapshot);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.Listener); slot++)
        {
            var listener = new ListenerView(snapshot.Block(BlockKind.Listener, slot));
            if (listener.IsEmpty)
                continue;
            json.WriteStartObject();
            json.WriteString("name", listener.Name);
            json.WriteStartObject("active_state");
            Version(json, snapshot, BlockKind.Listener, slot);
            json.WritePropertyName("listener");
            ListenerDump.Write(json, listener);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        Close(json);
    }

    private static void WriteRoutes(Utf8JsonWriter json, MeshSnapshot snapshot)
    {
        Open(json, "RoutesConfigDump", "dynamic_route_configs", snapshot);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.RouteTable); slot++)
        {
            var table = new RouteTableView(snapshot.Block(BlockKind.RouteTable, slot));
            if (table.IsEmpty)
                continue;
            json.WriteStartObject();
            Version(json, snapshot, BlockKind.RouteTable, slot);
            json.WritePropertyName("route_config");
            RouteDump.Write(json, snapshot, table);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        WriteInlineRoutes(json, snapshot);
        json.WriteEndObject();
    }

    private static void WriteInlineRoutes(Utf8JsonWriter json, MeshSnapshot snapshot)
    {
        json.WriteStartArray("static_route_configs");
        for (int slot = 0; slot < snapshot.Slots(BlockKind.Listener); slot++)
        {
            var listener = new ListenerView(snapshot.Block(BlockKind.Listener, slot));
            if (listener.IsEmpty)
                continue;
            int chains = listener.Root.FilterChains.Count + (listener.Root.DefaultFilterChain < 0 ? 0 : 1);
            for (int i = 0; i < chains; i++)
            {
                ref readonly FilterChainRecord chain = ref listener.Chain(i);
                RouteTableView inline = chain.TerminalFilter == TerminalFilterKind.HttpConnectionManager
                    ? listener.InlineRoutes(listener.Http(chain.TerminalIndex)) : default;
                if (inline.IsEmpty)
                    continue;
                json.WriteStartObject();
                json.WritePropertyName("route_config");
                RouteDump.WriteInline(json, inline);
                json.WriteEndObject();
            }
        }

        json.WriteEndArray();
    }

    private static void WriteSecrets(Utf8JsonWriter json, MeshSnapshot snapshot, Action<Utf8JsonWriter>? writeOwnSecrets)
    {
        Open(json, "SecretsConfigDump", "dynamic_active_secrets", snapshot);
        for (int slot = 0; slot < snapshot.Slots(BlockKind.Secret); slot++)
        {
            var secret = new SecretView(snapshot.Block(BlockKind.Secret, slot));
            if (secret.IsEmpty)
                continue;
            bool isBundle = secret.Kind == SecretKind.ValidationContext;
            json.WriteStartObject();
            json.WriteString("name", secret.Name);
            Version(json, snapshot, BlockKind.Secret, slot);
            json.WriteStartObject("secret");
            json.WriteString("@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret");
            json.WriteString("name", secret.Name);
            json.WriteStartObject(isBundle ? "validation_context" : "tls_certificate");
            json.WriteStartObject(isBundle ? "trusted_ca" : "certificate_chain");
            json.WriteBase64String("inline_bytes", secret.Pem);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }

        writeOwnSecrets?.Invoke(json);
        Close(json);
    }

    private static void Open(Utf8JsonWriter json, string type, string array, MeshSnapshot snapshot)
    {
        json.WriteStartObject();
        json.WriteString("@type", Admin + type);
        if (type is "ClustersConfigDump" or "ListenersConfigDump")
            json.WriteString("version_info", snapshot.Digest);
        json.WriteStartArray(array);
    }

    private static void Version(Utf8JsonWriter json, MeshSnapshot snapshot, BlockKind kind, int slot)
        => json.WriteString("version_info", snapshot.DigestOf(kind, slot).ToString()[..32]);

    private static void Close(Utf8JsonWriter json)
    {
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
