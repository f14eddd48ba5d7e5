using System;
using System.Collections.Generic;
using Weft.Config;
using Weft.Control.Model;

namespace Weft.Control.Derivation;

/// <summary>Where routes are for: which listener, and who the client is.</summary>
/// <param name="Port">Port of the listener as rules name it (for gateways the server's port).</param>
/// <param name="Gateways"><c>mesh</c>, or the gateways that this listener serves.</param>
/// <param name="ClientNamespace">Namespace of the proxy.</param>
/// <param name="ClientLabels">Labels of the proxy.</param>
internal sealed record RouteContext(int Port, IReadOnlyCollection<string> Gateways, string ClientNamespace, IReadOnlyDictionary<string, string> ClientLabels)
{
    /// <summary>
    /// Whether an alternative can hold at all here. A match that names gateways is judged by them alone; otherwise the rule set's gateways count, and the labels and namespace of the client (istio.md 1.1).
    /// </summary>
    public bool Admits(HostRules rules, RuleMatch match)
    {
        if (match.Port != 0 && match.Port != Port)
        {
            return false;
        }

        if (!match.Gateways.IsEmpty)
        {
            return AnyOf(match.Gateways);
        }

        return AnyOf(rules.Gateways)
            && (match.SourceNamespace.Length == 0 || string.Equals(match.SourceNamespace, ClientNamespace, StringComparison.Ordinal))
            && LabelSelector.IsSubset(match.SourceLabels, ClientLabels);
    }

    private bool AnyOf(IEnumerable<string> gateways)
    {
        foreach (string gateway in gateways)
        {
            foreach (string own in Gateways)
            {
                if (string.Equals(gateway, own, StringComparison.Ordinal))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
