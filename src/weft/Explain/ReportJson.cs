using System.Collections.Generic;
using System.Text.Json;

namespace Weft.CommandLine.Explain;

/// <summary>The answer for programs; the shape is in docs/cli.md.</summary>
internal static class ReportJson
{
    public static void Write(Report report, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("from", report.From);
        json.WriteString("snapshotDigest", report.Digest);
        json.WriteStartObject("request");
        json.WriteString("method", report.Request.Method);
        json.WriteString("authority", report.Request.Authority);
        json.WriteString("target", report.Request.Target);
        json.WriteString("requestId", report.Request.RequestId);
        json.WriteEndObject();
        json.WriteStartObject("result");
        json.WriteString("route", report.Route);
        json.WriteString("cluster", report.Cluster);
        json.WriteString("subset", report.Subset);
        json.WriteStartArray("endpoints");
        report.Endpoints.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteString("answer", report.Answer);
        json.WriteEndObject();
        json.WriteStartArray("steps");
        foreach (Step step in report.Steps)
        {
            json.WriteStartObject();
            json.WriteString("side", step.Side);
            json.WriteString("pod", step.Pod);
            json.WriteString("stage", step.Stage);
            json.WriteString("verdict", step.Verdict);
            json.WriteString("outcome", step.Outcome);
            json.WriteString("detail", step.Detail);
            WritePlaces(json, step.Origins);
            json.WriteStartArray("nearMisses");
            foreach (NearMiss miss in step.NearMisses)
            {
                json.WriteStartObject();
                json.WriteString("what", miss.What);
                json.WriteString("why", miss.Why);
                WritePlaces(json, miss.Origins);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WritePlaces(Utf8JsonWriter json, IReadOnlyList<Place> places)
    {
        json.WriteStartArray("origins");
        foreach (Place place in places)
        {
            json.WriteStartObject();
            json.WriteString("aspect", place.Aspect);
            json.WriteString("kind", place.Kind);
            json.WriteString("namespace", place.Namespace);
            json.WriteString("name", place.Name);
            json.WriteString("fieldPath", place.FieldPath);
            json.WriteString("file", place.File);
            json.WriteNumber("line", place.Line);
            json.WriteNumber("column", place.Column);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
