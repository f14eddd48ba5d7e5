using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Control.Model;

namespace Weft.Control.Derivation;

/// <summary>
/// All that outbound resources depend on besides the model: proxies with equal scopes share every byte. The sole argument of outbound derivation, and so the whole cache key.
/// </summary>
/// <param name="Kind">Sidecar or gateway.</param>
/// <param name="Dialect">What the proxy understands.</param>
/// <param name="Namespace">Decides visibility, short names and DestinationRules.</param>
/// <param name="Labels">Only the labels that some rule looks at; for gateways all of them.</param>
/// <param name="NamedPorts">Container ports by name; gateways only.</param>
internal sealed record OutboundScope(
    ProxyKind Kind, Dialect Dialect, string Namespace, ImmutableSortedDictionary<string, string> Labels, ImmutableSortedDictionary<string, int> NamedPorts)
{
    /// <summary>The scope of a proxy under a model.</summary>
    public static OutboundScope Of(
        ProxyKind kind,
        Dialect dialect,
        string @namespace,
        ImmutableSortedDictionary<string, string> labels,
        ImmutableSortedDictionary<string, int> namedPorts,
        ImmutableHashSet<string> labelsThatMatter) => kind == ProxyKind.Router
            ? new(kind, dialect, @namespace, labels, namedPorts)
            : new(kind, dialect, @namespace, labels.RemoveRange(labels.Keys.Where(k => !labelsThatMatter.Contains(k))), ImmutableSortedDictionary<string, int>.Empty);

    /// <summary>Names of labels by which some rule or policy tells clients apart.</summary>
    public static ImmutableHashSet<string> LabelsThatMatter(RoutingModel model) =>
    [
        .. model.HostRules.SelectMany(r => r.Rules).SelectMany(r => r.Matches).SelectMany(m => m.SourceLabels.Keys),
        .. model.HostPolicies.SelectMany(p => p.WorkloadSelector.Keys),
    ];

    public bool Equals(OutboundScope? other) =>
        other is not null && Kind == other.Kind && Dialect == other.Dialect && Namespace == other.Namespace && Labels.SequenceEqual(other.Labels) && NamedPorts.SequenceEqual(other.NamedPorts);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Kind);
        hash.Add(Dialect);
        hash.Add(Namespace, StringComparer.Ordinal);
        foreach (KeyValuePair<string, string> label in Labels)
        {
            hash.Add(label.Key, StringComparer.Ordinal);
            hash.Add(label.Value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
