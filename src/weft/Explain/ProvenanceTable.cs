using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.Policy;

namespace Weft.CommandLine.Explain;

/// <summary>weftd's side table: turns the ids that travel with configuration into places in files.</summary>
internal sealed class ProvenanceTable(JsonDocument document)
{
    public IReadOnlyList<Place> Resolve(IReadOnlyList<Origin> origins) => [.. origins.Select(Resolve)];

    private Place Resolve(Origin origin)
    {
        string key = $"{origin.Kind}/{origin.Namespace}/{origin.Name}";
        JsonElement objects = document.RootElement.At("objects");
        if (objects.ValueKind != JsonValueKind.Object || !objects.TryGetProperty(key, out JsonElement found))
        {
            return new(origin.Aspect, origin.Kind, origin.Namespace, origin.Name, origin.FieldPath, "", 0, 0);
        }

        (int line, int column) = Locate(found.At("fields"), origin.FieldPath);
        return new(origin.Aspect, origin.Kind, origin.Namespace, origin.Name, origin.FieldPath, found.Text("file"), line, column);
    }

    /// <summary>The place of a field, or of its nearest ancestor that has one.</summary>
    private static (int Line, int Column) Locate(JsonElement fields, string path)
    {
        while (fields.ValueKind == JsonValueKind.Object)
        {
            if (fields.TryGetProperty(path, out JsonElement place) && place.GetArrayLength() == 2)
            {
                return (place[0].GetInt32(), place[1].GetInt32());
            }

            if (path.Length == 0)
            {
                break;
            }

            int cut = Math.Max(path.LastIndexOf('.'), path.LastIndexOf('['));
            path = cut <= 0 ? "" : path[..cut];
        }

        return (0, 0);
    }
}
