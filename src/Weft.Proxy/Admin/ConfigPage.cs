using System.Text.Json;
using Weft.Policy.Dump;
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
        SnapshotDump.Write(json, snapshot, request.Parameter("include_eds") is not null, own => WriteOwnCertificate(host, own));
    }

    // Certificates only: the key is not in anything that could be dumped.
    private static void WriteOwnCertificate(ProxyHost host, Utf8JsonWriter json)
    {
        if (host.Process.Tls.Identity is not { } identity) return;
        json.WriteStartObject();
        json.WriteString("name", "default");
        json.WriteString("version_info", identity.SerialNumber);
        json.WriteStartObject("secret");
        json.WriteString("@type", "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret");
        json.WriteString("name", "default");
        json.WriteStartObject("tls_certificate");
        json.WriteStartObject("certificate_chain");
        json.WriteBase64String("inline_bytes", identity.ChainPem.Span);
        json.WriteEndObject();
        json.WriteStartObject("private_key");
        json.WriteString("inline_bytes", "W3JlZGFjdGVkXQ==");
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
