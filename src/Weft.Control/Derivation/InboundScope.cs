using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Weft.Control.Derivation;

/// <summary>All that the inbound side of a workload depends on besides the model: replicas share every byte. The sole argument of inbound derivation.</summary>
/// <param name="Dialect">What the proxy understands.</param>
/// <param name="Namespace">Namespace of the workload.</param>
/// <param name="Labels">All its labels: Services and policies select by them.</param>
/// <param name="NamedPorts">Container ports by name.</param>
/// <param name="Addresses">Only where a service without a selector has an endpoint here; empty otherwise, so that replicas are equal.</param>
internal sealed record InboundScope(
    Dialect Dialect,
    string Namespace,
    ImmutableSortedDictionary<string, string> Labels,
    ImmutableSortedDictionary<string, int> NamedPorts,
    ImmutableArray<string> Addresses)
{
    public bool Equals(InboundScope? other) =>
        other is not null && Dialect == other.Dialect && Namespace == other.Namespace
        && Labels.SequenceEqual(other.Labels) && NamedPorts.SequenceEqual(other.NamedPorts) && Addresses.SequenceEqual(other.Addresses);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Dialect);
        hash.Add(Namespace, StringComparer.Ordinal);
        foreach (KeyValuePair<string, string> label in Labels)
        {
            hash.Add(label.Key, StringComparer.Ordinal);
            hash.Add(label.Value, StringComparer.Ordinal);
        }

        foreach (KeyValuePair<string, int> port in NamedPorts)
        {
            hash.Add(port.Key, StringComparer.Ordinal);
            hash.Add(port.Value);
        }

        return hash.ToHashCode();
    }
}
