using System.Collections.Generic;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>
/// One alternative of a rule: all its fields must hold. The first group is decided at derivation time from who the proxy is (which gateway, whose labels, which port); the second travels to the proxy.
/// </summary>
public sealed record RuleMatch
{
    /// <summary>Matches everything.</summary>
    public static RuleMatch Any(Origin origin) => new() { Origin = origin };

    public string Name { get; init; } = "";

    /// <summary>Gateways this alternative is for; empty = those of the rule set.</summary>
    public ImmutableArray<string> Gateways { get; init; } = [];

    public ImmutableSortedDictionary<string, string> SourceLabels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public string SourceNamespace { get; init; } = "";

    /// <summary>Listener port, or 0 for any.</summary>
    public int Port { get; init; }

    public TextMatch? Path { get; init; }

    public bool IgnoreCase { get; init; }

    public TextMatch? Method { get; init; }

    public TextMatch? Scheme { get; init; }

    public TextMatch? Authority { get; init; }

    public ImmutableArray<KeyValuePair<string, TextMatch>> Headers { get; init; } = [];

    /// <summary>Must not match; an absent header does not match.</summary>
    public ImmutableArray<KeyValuePair<string, TextMatch>> WithoutHeaders { get; init; } = [];

    public ImmutableArray<KeyValuePair<string, TextMatch>> QueryParameters { get; init; } = [];

    public required Origin Origin { get; init; }

    /// <summary>Istio's IsCatchAllRoute: what follows such a route can never be reached.</summary>
    public bool IsCatchAll =>
        (Path is null || (Path is { Kind: TextMatchKind.Prefix, Value: "/" }) || (Path is { Kind: TextMatchKind.Regex, Value: ".*" or "/.*" or "*" }))
        && Method is null && Scheme is null && Authority is null
        && Headers.IsEmpty && WithoutHeaders.IsEmpty && QueryParameters.IsEmpty;
}
