using System;
using System.Text.Json;
using Weft.Control.Derivation;
using Weft.Serving.Discovery;

namespace Weft.Serving.Pages;

/// <summary>One proxy in /debug/syncz.</summary>
internal static class SynczPage
{
    public static void Write(Utf8JsonWriter writer, ConnectionStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("proxy", status.Proxy.DisplayName);
        writer.WriteString("nodeId", status.Proxy.Id);
        writer.WriteString("kind", status.Proxy.Kind == ProxyKind.Router ? "router" : "sidecar");
        writer.WriteString("dialect", status.Proxy.Dialect.ToString().ToLowerInvariant());
        writer.WriteString("version", status.Proxy.Version);
        writer.WriteNumber("connectedSeconds", Math.Round(status.Connected.TotalSeconds, 3));
        writer.WriteString("digestSent", status.SentDigest);
        writer.WriteString("digestAcked", status.AckedDigest);
        writer.WriteBoolean("converged", status.IsConverged);
        writer.WriteNumber("pushes", status.Pushes);
        writer.WriteStartObject("types");
        foreach (TypeStatus type in status.Types)
        {
            writer.WriteStartObject(XdsTypes.ShortName(type.TypeUrl));
            writer.WriteString("status", type.Word);
            writer.WriteString("error", type.Error);
            writer.WriteNumber("resources", type.Resources);
            writer.WriteNumber("ageSeconds", Math.Round(type.Age.TotalSeconds, 3));
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
