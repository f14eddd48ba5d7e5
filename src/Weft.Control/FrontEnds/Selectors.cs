using System;
using System.Collections.Immutable;
using Weft.Config;

namespace Weft.Control.FrontEnds;

/// <summary>Reads the selector of an object that was refused, from its tree.</summary>
internal static class Selectors
{
    /// <summary>The labels of <c>spec.selector.matchLabels</c>; null (everything in the namespace) when there is none or it cannot be read.</summary>
    public static ImmutableSortedDictionary<string, string>? OfRefused(Resource refused)
    {
        ResourceNode? labels = refused.Content["spec"]?["selector"]?["matchLabels"];
        if (labels is not { Kind: NodeKind.Mapping } || labels.Entries.Count == 0)
        {
            return null;
        }

        ImmutableSortedDictionary<string, string>.Builder builder = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (NodeEntry entry in labels.Entries)
        {
            if (entry.Value.Kind != NodeKind.String)
            {
                return null;
            }

            builder[entry.Name] = entry.Value.Text;
        }

        return builder.ToImmutable();
    }
}
