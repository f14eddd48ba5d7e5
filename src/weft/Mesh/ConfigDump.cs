using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace Weft.CommandLine.Mesh;

/// <summary>Reads <c>/config_dump?include_eds</c> in Envoy's shape: ours, or a real Envoy's saved to a file.</summary>
internal sealed class ConfigDump(JsonDocument document) : IDisposable
{
    public JsonElement Root => document.RootElement;

    public IEnumerable<JsonElement> Clusters() =>
        Section("ClustersConfigDump").SelectMany(section => Items(section, "static_clusters").Concat(Items(section, "dynamic_active_clusters"))).Select(item => item.GetProperty("cluster"));

    public IEnumerable<JsonElement> Listeners() =>
        Section("ListenersConfigDump").SelectMany(section =>
            Items(section, "static_listeners").Select(item => item.GetProperty("listener")).Concat(
                Items(section, "dynamic_listeners").Where(item => item.TryGetProperty("active_state", out _)).Select(item => item.GetProperty("active_state").GetProperty("listener"))));

    public IEnumerable<JsonElement> Routes() =>
        Section("RoutesConfigDump").SelectMany(section => Items(section, "static_route_configs").Concat(Items(section, "dynamic_route_configs"))).Select(item => item.GetProperty("route_config"));

    public IEnumerable<JsonElement> Endpoints() =>
        Section("EndpointsConfigDump").SelectMany(section => Items(section, "static_endpoint_configs").Concat(Items(section, "dynamic_endpoint_configs"))).Select(item => item.GetProperty("endpoint_config"));

    public IEnumerable<JsonElement> Secrets() =>
        Section("SecretsConfigDump").SelectMany(section => Items(section, "static_secrets").Concat(Items(section, "dynamic_active_secrets")));

    public void Dispose() => document.Dispose();

    private IEnumerable<JsonElement> Section(string type) =>
        Items(Root, "configs").Where(section => section.TryGetProperty("@type", out JsonElement name) && name.GetString()!.EndsWith(type, StringComparison.Ordinal));

    private static IEnumerable<JsonElement> Items(JsonElement holder, string field) =>
        holder.TryGetProperty(field, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];
}
