using System.IO;
using System.Text.Json;

namespace Weft.Config;

/// <summary>Kubernetes JSON of objects: what list and watch carry.</summary>
public static class ResourceJson
{
    /// <summary>Writes one object: apiVersion, kind, metadata, then the rest as written.</summary>
    public static void Write(Utf8JsonWriter writer, Resource resource) => throw new InvalidDataException();

    /// <summary>One object as UTF-8 JSON.</summary>
    public static byte[] ToBytes(Resource resource) => throw new InvalidDataException();
}
