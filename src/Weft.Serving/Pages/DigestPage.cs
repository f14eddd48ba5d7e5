using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Weft.Config;
using Weft.Control.Collections;
using Weft.Control.Derivation;
using Weft.Serving.Publishing;

namespace Weft.Serving.Pages;

/// <summary>/debug/digest: what is in force, what was refused, what is worth saying.</summary>
internal static class DigestPage
{
    public static void Write(Utf8JsonWriter writer, MeshPublisher publisher)
    {
        MeshVersion? version = publisher.Current;
        MeshState state = version?.State ?? MeshState.Empty;
        writer.WriteString("acceptedDigest", version is null ? "" : state.Digest);
        writer.WriteBoolean("sourceSynced", publisher.IsSynced);
        writer.WriteString("sourceRevision", publisher.SourceRevision.ToString(CultureInfo.InvariantCulture));
        writer.WriteNumber("objects", state.Count);
        WriteRefused(writer, state);
        writer.WriteStartArray("warnings");
        foreach (Diagnostic diagnostic in Warnings(version, state))
        {
            WriteDiagnostic(writer, diagnostic, null);
        }

        writer.WriteEndArray();
    }

    /// <summary>True when something on disk or in the API is not in force.</summary>
    public static bool HasRefused(MeshState state) => !state.Refused.IsEmpty || SourceErrors.Of(state).Any();

    public static void WriteRefused(Utf8JsonWriter writer, MeshState state)
    {
        writer.WriteStartArray("refused");
        foreach (RefusedObject refused in state.Refused.Values)
        {
            foreach (Diagnostic diagnostic in refused.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error))
            {
                WriteDiagnostic(writer, diagnostic with { Object = refused.Key }, refused.HasLastGood);
            }
        }

        foreach (Diagnostic error in SourceErrors.Of(state))
        {
            WriteDiagnostic(writer, error, true);
        }

        writer.WriteEndArray();
    }

    private static IEnumerable<Diagnostic> Warnings(MeshVersion? version, MeshState state)
    {
        IEnumerable<Diagnostic> reports = version is null ? [] : ModelReports.Of(version.Mesh.Model, state);
        return state.Warnings.Values.SelectMany(w => w)
            .Concat(state.Refused.Values.SelectMany(r => r.Diagnostics))
            .Concat(reports)
            .Where(d => d.Severity != DiagnosticSeverity.Error);
    }

    private static void WriteDiagnostic(Utf8JsonWriter writer, Diagnostic diagnostic, bool? hasLastGood)
    {
        writer.WriteStartObject();
        writer.WriteString("kind", diagnostic.Object?.Kind ?? "");
        writer.WriteString("namespace", diagnostic.Object?.Namespace ?? "");
        writer.WriteString("name", diagnostic.Object?.Name ?? "");
        writer.WriteString("file", diagnostic.Location.File ?? "");
        writer.WriteNumber("line", diagnostic.Location.Line);
        writer.WriteNumber("column", diagnostic.Location.Column);
        writer.WriteString("fieldPath", diagnostic.FieldPath);
        writer.WriteString("severity", diagnostic.Severity.ToString().ToLowerInvariant());
        writer.WriteString("code", diagnostic.Code);
        writer.WriteString("message", diagnostic.Message);
        if (hasLastGood is { } value)
        {
            writer.WriteBoolean("servedFromLastGood", value);
        }

        writer.WriteEndObject();
    }
}
