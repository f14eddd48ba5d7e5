using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;
using System.Text;
using System.Text.Json;
using Weft.Config;

namespace Weft.Store;

/// <summary>Health, version and discovery (/api, /apis, /api/v1, /apis/GROUP, /apis/GROUP/VERSION). Pure.</summary>
internal static class ApiDiscovery
{
    internal static bool TryAnswer(string path, string version, [NotNullWhen(true)] out ApiAnswer? answer)
    {
        string[] segments = path.Split('/', System.StringSplitOptions.RemoveEmptyEntries);
        answer = segments switch
        {
            ["healthz" or "livez" or "readyz"] => new ApiAnswer(200, "text/plain", Encoding.ASCII.GetBytes("ok"), null),
            ["version"] => Version(version),
            ["api"] => ApiVersions(),
            ["apis"] => Groups(),
            ["api", "v1"] => Resources("", "v1"),
            ["apis", { } group] when Kinds.All.Any(k => k.Group == group) => ApiJson.Ok(w => WriteGroup(w, group, isWhole: true)),
            ["apis", { } group, { } served] when Kinds.All.Any(k => k.Group == group && k.Versions.Contains(served)) => Resources(group, served),
            _ => null,
        };
        return answer is not null;
    }

    private static ApiAnswer Version(string version) => ApiJson.Ok(w =>
    {
        string[] parts = version.TrimStart('v').Split('.');
        w.WriteStartObject();
        w.WriteString("major"u8, parts[0]);
        w.WriteString("minor"u8, parts.Length > 1 ? parts[1] : "0");
        w.WriteString("gitVersion"u8, version);
        w.WriteString("platform"u8, "linux/amd64");
        w.WriteEndObject();
    });

    private static ApiAnswer ApiVersions() => ApiJson.Ok(w =>
    {
        w.WriteStartObject();
        w.WriteString("kind"u8, "APIVersions");
        w.WriteStartArray("versions"u8);
        w.WriteStringValue("v1"u8);
        w.WriteEndArray();
        w.WriteEndObject();
    });

    private static ApiAnswer Groups() => ApiJson.Ok(w =>
    {
        w.WriteStartObject();
        w.WriteString("kind"u8, "APIGroupList");
        w.WriteString("apiVersion"u8, "v1");
        w.WriteStartArray("groups"u8);
        foreach (string group in Kinds.All.Select(k => k.Group).Where(g => g.Length > 0).Distinct().Order(System.StringComparer.Ordinal))
        {
            WriteGroup(w, group, isWhole: false);
        }

        w.WriteEndArray();
        w.WriteEndObject();
    });

    private static void WriteGroup(Utf8JsonWriter w, string group, bool isWhole)
    {
        string[] versions = [.. Kinds.All.Where(k => k.Group == group).SelectMany(k => k.Versions).Distinct()];
        w.WriteStartObject();
        if (isWhole)
        {
            w.WriteString("kind"u8, "APIGroup");
            w.WriteString("apiVersion"u8, "v1");
        }

        w.WriteString("name"u8, group);
        w.WriteStartArray("versions"u8);
        foreach (string version in versions)
        {
            WriteVersion(w, group, version);
        }

        w.WriteEndArray();
        w.WritePropertyName("preferredVersion"u8);
        WriteVersion(w, group, versions[0]);
        w.WriteEndObject();
    }

    private static void WriteVersion(Utf8JsonWriter w, string group, string version)
    {
        w.WriteStartObject();
        w.WriteString("groupVersion"u8, $"{group}/{version}");
        w.WriteString("version"u8, version);
        w.WriteEndObject();
    }

    private static ApiAnswer Resources(string group, string version) => ApiJson.Ok(w =>
    {
        w.WriteStartObject();
        w.WriteString("kind"u8, "APIResourceList");
        w.WriteString("apiVersion"u8, "v1");
        w.WriteString("groupVersion"u8, group.Length == 0 ? version : $"{group}/{version}");
        w.WriteStartArray("resources"u8);
        foreach (KindInfo kind in Served(group, version))
        {
            w.WriteStartObject();
            w.WriteString("name"u8, kind.Plural);
            w.WriteString("singularName"u8, kind.Kind.ToLowerInvariant());
            w.WriteBoolean("namespaced"u8, kind.IsNamespaced);
            w.WriteString("kind"u8, kind.Kind);
            w.WriteStartArray("verbs"u8);
            foreach (string verb in (string[])["get", "list", "watch"])
            {
                w.WriteStringValue(verb);
            }

            w.WriteEndArray();
            w.WriteEndObject();
        }

        w.WriteEndArray();
        w.WriteEndObject();
    });

    private static IEnumerable<KindInfo> Served(string group, string version) => Kinds.All.Where(k => k.Group == group && k.Versions.Contains(version));
}
