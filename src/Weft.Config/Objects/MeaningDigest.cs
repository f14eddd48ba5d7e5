using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;

namespace Weft.Config;

/// <summary>SHA-256 over the canonical JSON of what an object means. Pure.</summary>
internal static class MeaningDigest
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    internal static string Of(Resource resource)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, CanonicalJson.WriterOptions))
        {
            CanonicalJson.Write(writer, Meaning(resource));
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>Group instead of version, because every version reads the same; status only where it is an input (a pod's address and readiness).</summary>
    private static ResourceNode Meaning(Resource resource)
    {
        ObjectMeta meta = resource.Metadata;
        ResourceNode document = resource.Content
            .With("apiVersion", resource.Type.Group)
            .With("kind", resource.Kind)
            .With("metadata", ResourceNode.Mapping(
                ("name", meta.Name),
                ("namespace", meta.Namespace),
                ("labels", StringMap(meta.Labels)),
                ("annotations", StringMap(meta.Annotations.Where(a => MeansSomething(a.Key)))),
                ("deletionTimestamp", meta.DeletionTimestamp is null ? null : ResourceNode.Boolean(true))));
        return resource.Type == Kinds.Pod ? document : document.With("status", null);
    }

    internal static bool MeansSomething(string annotation) =>
        annotation != LastApplied && !annotation.StartsWith(SourceMaps.Prefix, StringComparison.Ordinal);

    private static ResourceNode? StringMap(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        NodeEntry[] entries = [.. pairs.Select(p => new NodeEntry(p.Key, p.Value, 0, 0))];
        return entries.Length == 0 ? null : ResourceNode.Mapping(entries);
    }
}
