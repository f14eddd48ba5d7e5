using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using Weft.Config;
using Weft.Store;

namespace Weft.Local.Control;

/// <summary>What the directory says, as HTTP: <c>GET /source</c> on the control socket, asked by <c>weft wait</c>.</summary>
internal static class SourceAnswer
{
    /// <summary>A whole HTTP/1.1 answer.</summary>
    public static byte[] Http(DirectoryState state)
    {
        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteString("revision", state.StoreRevision.ToString(CultureInfo.InvariantCulture));
            json.WriteNumber("reads", state.Revision);
            WriteAll(json, "refused", state.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).DistinctBy(diagnostic => (diagnostic.Object, diagnostic.Object is null ? diagnostic.Location : default)));
            WriteAll(json, "diagnostics", state.Diagnostics);
            json.WriteEndObject();
        }

        string head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.WrittenCount}\r\nConnection: close\r\n\r\n");
        return [.. Encoding.ASCII.GetBytes(head), .. body.WrittenSpan];
    }

    private static void WriteAll(Utf8JsonWriter json, string name, IEnumerable<Diagnostic> diagnostics)
    {
        json.WriteStartArray(name);
        foreach (Diagnostic diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("severity", diagnostic.Severity switch { DiagnosticSeverity.Error => "error", DiagnosticSeverity.Warning => "warning", _ => "info" });
            json.WriteString("kind", diagnostic.Object?.Kind ?? string.Empty);
            json.WriteString("namespace", diagnostic.Object?.Namespace ?? string.Empty);
            json.WriteString("name", diagnostic.Object?.Name ?? string.Empty);
            json.WriteString("file", diagnostic.Location.File ?? string.Empty);
            json.WriteNumber("line", diagnostic.Location.Line);
            json.WriteNumber("column", diagnostic.Location.Column);
            json.WriteString("fieldPath", diagnostic.FieldPath);
            json.WriteString("message", diagnostic.Message);
            json.WriteString("code", diagnostic.Code);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
