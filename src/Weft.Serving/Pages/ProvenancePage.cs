using System.Linq;
using System.Text.Json;
using Weft.Config;
using Weft.Control.Collections;

namespace Weft.Serving.Pages;

/// <summary>/debug/provenance: where the objects of an accepted set were written.</summary>
internal static class ProvenancePage
{
    public static void Write(Utf8JsonWriter writer, MeshState state)
    {
        writer.WriteString("digest", state.Digest);
        writer.WriteStartObject("objects");
        foreach (Resource resource in state.All.Where(r => r.Source.File is not null || r.Source.Places.Count > 0 || r.Type.IsIstio))
        {
            writer.WriteStartObject($"{resource.Kind}/{resource.Namespace}/{resource.Name}");
            writer.WriteString("file", resource.Source.File ?? "");
            writer.WriteNumber("generation", resource.Metadata.Generation);
            writer.WriteString("resourceVersion", resource.Metadata.ResourceVersion);
            writer.WriteStartObject("fields");
            foreach ((string path, (int line, int column)) in resource.Source.Places)
            {
                writer.WriteStartArray(path);
                writer.WriteNumberValue(line);
                writer.WriteNumberValue(column);
                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
