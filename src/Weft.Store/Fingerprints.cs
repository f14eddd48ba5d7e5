using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text.Json;
using Weft.Config;

namespace Weft.Store;

/// <summary>Hashes that say whether a write changes an object, and whether it changes what generation counts.</summary>
internal static class Fingerprints
{
    /// <summary>Of everything but metadata, status and the version word.</summary>
    internal static string Body(Resource resource) =>
        Hash(resource.Content.With("apiVersion", null).With("metadata", null).With("status", null));

    /// <summary>Of everything that a reader of the object could see change, the source annotations included; not of what the store itself assigns.</summary>
    internal static string Whole(Resource resource, string body)
    {
        ObjectMeta meta = resource.Metadata;
        return Hash(ResourceNode.Mapping(
            ("body", body),
            ("apiVersion", resource.ApiVersion),
            ("status", resource.Content["status"]),
            ("labels", Map(meta.Labels)),
            ("annotations", Map(meta.Annotations)),
            ("deletionTimestamp", meta.DeletionTimestamp is { } time ? ResourceJson.Time(time) : null),
            ("owners", ResourceNode.Sequence(meta.OwnerReferences.Select(o => ResourceNode.String($"{o.ApiVersion}|{o.Kind}|{o.Name}|{o.Uid}"))))));
    }

    private static ResourceNode Map(IReadOnlyDictionary<string, string> map) => ResourceNode.StringMap(map);

    private static string Hash(ResourceNode node)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            CanonicalJson.Write(writer, node);
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }
}
