using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>One HTTP server of a gateway.</summary>
/// <param name="Port">As written in the Gateway: a service port of the gateway's Service.</param>
/// <param name="Hosts">Host names with the namespaces whose rules may bind.</param>
/// <param name="Origin">The server's field.</param>
public sealed record GatewayServer(int Port, ImmutableArray<GatewayHost> Hosts, Origin Origin);

/// <summary>One host of a server.</summary>
/// <param name="Namespace"><c>*</c> = rules of any namespace; else a namespace (already resolved from <c>.</c>).</param>
/// <param name="Host">Host name or wildcard.</param>
public readonly record struct GatewayHost(string Namespace, string Host)
{
    public bool Admits(string ruleNamespace) => Namespace == "*" || string.Equals(Namespace, ruleNamespace, StringComparison.Ordinal);
}

/// <summary>Listeners that a selected proxy opens: what one Gateway says. Immutable.</summary>
public sealed record GatewayServers
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    /// <summary>Labels of the proxies that open it; empty = every router.</summary>
    public ImmutableSortedDictionary<string, string> Selector { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required ImmutableArray<GatewayServer> Servers { get; init; }

    public DateTimeOffset Created { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>How rules name it.</summary>
    public string Reference => Namespace + "/" + Name;
}
