using System;

namespace Weft.Control.Model;

/// <summary>One host of a server.</summary>
/// <param name="Namespace"><c>*</c> = rules of any namespace; else a namespace (already resolved from <c>.</c>).</param>
/// <param name="Host">Host name or wildcard.</param>
public readonly record struct GatewayHost(string Namespace, string Host)
{
    public bool Admits(string ruleNamespace) => Namespace == "*" || string.Equals(Namespace, ruleNamespace, StringComparison.Ordinal);
}
