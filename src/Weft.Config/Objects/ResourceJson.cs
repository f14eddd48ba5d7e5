using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;

namespace Weft.Config;

/// <summary>Kubernetes JSON of objects: what list and watch carry. Pure.</summary>
public static class ResourceJson
{
    /// <summary>Writes one object: apiVersion, kind, metadata, then the rest as written.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="resource">The object.</param>
    /// <param name="apiVersion">Another version of the group that the client asked for, or null for the object's own; all versions read the same.</param>
    public static void Write(Utf8JsonWriter writer, Resource resource, string? apiVersion = null)
    {
        writer.WriteStartObject();
        writer.WriteString("apiVersion"u8, apiVersion ?? resource.ApiVersion);
        writer.WriteString("kind"u8, resource.Kind);
        writer.WritePropertyName("metadata"u8);
        WriteMetadata(writer, resource);
        foreach (NodeEntry entry in resource.Content.Entries)
        {
            if (entry.Name is not ("apiVersion" or "kind" or "metadata"))
            {
                writer.WritePropertyName(entry.Name);
                CanonicalJson.WriteAsIs(writer, entry.Value);
            }
        }

        writer.WriteEndObject();
    }

    /// <summary>One object as UTF-8 JSON.</summary>
    public static byte[] ToBytes(Resource resource)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            Write(writer, resource);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A tree as UTF-8 JSON, fields in their order.</summary>
    public static byte[] ToBytes(ResourceNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            CanonicalJson.WriteAsIs(writer, node);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>RFC 3339 in UTC with seconds, as Kubernetes writes times.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static void WriteMetadata(Utf8JsonWriter writer, Resource resource)
    {
        ObjectMeta meta = resource.Metadata;
        writer.WriteStartObject();
        Text(writer, "name", meta.Name);
        Text(writer, "namespace", meta.Namespace);
        Text(writer, "uid", meta.Uid);
        Text(writer, "resourceVersion", meta.ResourceVersion);
        if (meta.Generation > 0)
        {
            writer.WriteNumber("generation"u8, meta.Generation);
        }

        Text(writer, "creationTimestamp", meta.CreationTimestamp is { } created ? Time(created) : "");
        Text(writer, "deletionTimestamp", meta.DeletionTimestamp is { } deleted ? Time(deleted) : "");
        Map(writer, "labels", meta.Labels);
        Map(writer, "annotations", meta.Annotations);
        WriteOwners(writer, meta.OwnerReferences);
        foreach (NodeEntry entry in resource.Content["metadata"]?.Entries ?? [])
        {
            if (entry.Name is "generateName" or "finalizers")
            {
                writer.WritePropertyName(entry.Name);
                CanonicalJson.WriteAsIs(writer, entry.Value);
            }
        }

        writer.WriteEndObject();
    }

    private static void WriteOwners(Utf8JsonWriter writer, IReadOnlyList<OwnerReference> owners)
    {
        if (owners.Count == 0)
        {
            return;
        }

        writer.WriteStartArray("ownerReferences"u8);
        foreach (OwnerReference owner in owners)
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, owner.ApiVersion);
            writer.WriteString("kind"u8, owner.Kind);
            writer.WriteString("name"u8, owner.Name);
            writer.WriteString("uid"u8, owner.Uid);
            if (owner.Controller)
            {
                writer.WriteBoolean("controller"u8, true);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Text(Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    private static void Map(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string> map)
    {
        if (map.Count == 0)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach ((string key, string value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
