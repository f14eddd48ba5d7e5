using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Weft.Config;

/// <summary>
/// Makes <see cref="SourceMap"/>s and carries them over the API as annotations: <c>weft up</c>'s store serves JSON, which has no lines, and <c>weftd</c> on the
/// other side still says file and line.
/// </summary>
public static class SourceMaps
{
    /// <summary>Annotation that names the file.</summary>
    public const string SourceAnnotation = "weft.dev/source";

    /// <summary>Annotation with <c>{"path":[line,column],…}</c>.</summary>
    public const string SourceMapAnnotation = "weft.dev/source-map";

    /// <summary>
    /// On an object whose file says something newer that was refused: the first problem, as text. The object then is the last good version (or, where there
    /// is none, the refused one itself): <c>weftd</c> reports it and <c>weft wait</c> fails with it.
    /// </summary>
    public const string ErrorAnnotation = "weft.dev/source-error";

    /// <summary>Every annotation that starts so is about the place, not the meaning: no digest and no generation moves with it.</summary>
    public const string Prefix = "weft.dev/source";

    /// <summary>The same object with its places written into the two annotations; an object without places is returned as it is.</summary>
    public static Resource Annotate(Resource resource)
    {
        if (resource.File is null || resource.Content.Line == 0)
        {
            return resource;
        }

        var annotations = new Dictionary<string, string>(resource.Metadata.Annotations, StringComparer.Ordinal)
        {
            [SourceAnnotation] = resource.File,
            [SourceMapAnnotation] = Write(resource.Source),
        };
        return resource.With(resource.Metadata with { Annotations = annotations });
    }

    internal static SourceMap Of(Resource resource)
    {
        if (resource.Content.Line > 0)
        {
            var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal) { [""] = (resource.Content.Line, resource.Content.Column) };
            Collect(resource.Content, new StringBuilder(), places, isRoot: true);
            return new SourceMap(resource.File, places);
        }

        return resource.Metadata.Annotations.TryGetValue(SourceAnnotation, out string? file)
            ? Parse(file, resource.Metadata.Annotations.GetValueOrDefault(SourceMapAnnotation))
            : resource.File is null ? SourceMap.Empty : new SourceMap(resource.File, SourceMap.Empty.Places);
    }

    internal static SourceMap? FromAnnotations(ResourceNode? annotations) =>
        annotations?[SourceAnnotation] is { Kind: NodeKind.String } file ? Parse(file.Text, annotations[SourceMapAnnotation]?.Text) : null;

    private static void Collect(ResourceNode node, StringBuilder path, Dictionary<string, (int, int)> places, bool isRoot)
    {
        int length = path.Length;
        bool isMap = IsStringMap(path) && node["matchLabels"] is null && node["matchExpressions"] is null;
        foreach (NodeEntry entry in node.Entries)
        {
            if (isRoot && entry.Name is "status")
            {
                continue;
            }

            if (isMap)
            {
                path.Append('[').Append(entry.Name).Append(']');
            }
            else
            {
                path.Append(length == 0 ? "" : ".").Append(entry.Name);
            }

            places[path.ToString()] = (entry.Line, entry.Column);
            Collect(entry.Value, path, places, isRoot: false);
            path.Length = length;
        }

        for (int i = 0; i < node.Items.Count; i++)
        {
            path.Append(CultureInfo.InvariantCulture, $"[{i}]");
            places[path.ToString()] = (node.Items[i].Line, node.Items[i].Column);
            Collect(node.Items[i], path, places, isRoot: false);
            path.Length = length;
        }
    }

    /// <summary>Fields whose keys are the user's own words: their values are written <c>labels[app]</c>, as the binder does.</summary>
    private static bool IsStringMap(StringBuilder path)
    {
        int from = path.Length;
        while (from > 0 && path[from - 1] is not ('.' or ']'))
        {
            from--;
        }

        return path.ToString(from, path.Length - from) is "labels" or "annotations" or "matchLabels" or "headers" or "withoutHeaders" or "queryParams" or "sourceLabels"
            or "set" or "add" or "selector" or "data" or "stringData" or "binaryData" or "portLevelMtls" or "to" && !IsMessage(path);
    }

    /// <summary>A route's <c>headers</c> are a message (request, response), a match's <c>headers</c> a map.</summary>
    private static bool IsMessage(StringBuilder path)
    {
        string text = path.ToString();
        return text.EndsWith(".headers", StringComparison.Ordinal) && !text.Contains(".match[", StringComparison.Ordinal);
    }

    private static string Write(SourceMap map)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach ((string path, (int line, int column)) in map.Places)
            {
                writer.WriteStartArray(path);
                writer.WriteNumberValue(line);
                writer.WriteNumberValue(column);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static SourceMap Parse(string file, string? json)
    {
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        ParsedDocuments parsed = JsonReader.Read(Encoding.UTF8.GetBytes(json ?? "{}"), null);
        foreach (NodeEntry entry in parsed.Documents.Count > 0 ? parsed.Documents[0].Entries : [])
        {
            if (entry.Value.Items.Count == 2
                && int.TryParse(entry.Value.Items[0].Text, NumberStyles.None, CultureInfo.InvariantCulture, out int line)
                && int.TryParse(entry.Value.Items[1].Text, NumberStyles.None, CultureInfo.InvariantCulture, out int column))
            {
                places[entry.Name] = (line, column);
            }
        }

        return new SourceMap(file, places);
    }
}
