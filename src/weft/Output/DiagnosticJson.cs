using System.Collections.Generic;
using System.Text.Json;
using Weft.Config;

namespace Weft.CommandLine.Output;

/// <summary>Diagnostics as JSON: the shape in docs/cli.md under <c>validate</c>.</summary>
internal static class DiagnosticJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<Diagnostic> diagnostics)
    {
        json.WriteStartArray();
        foreach (Diagnostic diagnostic in diagnostics)
        {
            json.WriteStartObject();
            json.WriteString("severity", diagnostic.Severity switch { DiagnosticSeverity.Error => "error", DiagnosticSeverity.Warning => "warning", _ => "info" });
            json.WriteString("code", diagnostic.Code);
            json.WriteString("file", diagnostic.Location.File);
            json.WriteNumber("line", diagnostic.Location.Line);
            json.WriteNumber("column", diagnostic.Location.Column);
            json.WriteString("object", diagnostic.Object?.ToString());
            json.WriteString("fieldPath", diagnostic.FieldPath);
            json.WriteString("message", diagnostic.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
