using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary>Who asked for a thing of a dump: Weft's provenance, or istiod's <c>istio.config</c> metadata.</summary>
internal static class Origins
{
    /// <summary>Names as <c>name.namespace</c> of the objects of a kind behind this thing, joined; "" when none.</summary>
    public static string Of(JsonElement thing, string kind) => string.Join(",", Names(thing, kind).Distinct());

    private static IEnumerable<string> Names(JsonElement thing, string kind)
    {
        if (thing.At("metadata.typed_filter_metadata").ValueKind == JsonValueKind.Object
            && thing.At("metadata").GetProperty("typed_filter_metadata").TryGetProperty("weft.dev/provenance", out JsonElement provenance))
        {
            foreach (JsonElement origin in provenance.List("origins"))
            {
                if (origin.Text("kind") == kind)
                {
                    yield return $"{origin.Text("name")}.{origin.Text("namespace")}";
                }
            }
        }

        // "/apis/networking.istio.io/v1/namespaces/NAMESPACE/destination-rule/NAME"
        string[] path = thing.Text("metadata.filter_metadata.istio.config").Split('/');
        if (path.Length == 8 && path[6].Replace("-", "", System.StringComparison.Ordinal).Equals(kind, System.StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{path[7]}.{path[5]}";
        }
    }
}
