using System;
using System.Collections.Immutable;

namespace Weft.Control.Model;

/// <summary>One rule of a host: alternatives to match, one action, and what surrounds it. Front ends make these; derivation reads nothing else.</summary>
public sealed record Rule
{
    /// <summary>As written; reported in access logs as the route name.</summary>
    public string Name { get; init; } = "";

    /// <summary>Alternatives in order; never empty (a rule without matches has <see cref="RuleMatch.Any"/>).</summary>
    public required ImmutableArray<RuleMatch> Matches { get; init; }

    /// <summary>Where requests go; empty when <see cref="Redirect"/> or <see cref="DirectResponse"/> answers.</summary>
    public ImmutableArray<Backend> Backends { get; init; } = [];

    public RedirectAction? Redirect { get; init; }

    public DirectResponseAction? DirectResponse { get; init; }

    public RewriteAction? Rewrite { get; init; }

    /// <summary>Null or zero: none.</summary>
    public TimeSpan? Timeout { get; init; }

    public Origin? TimeoutOrigin { get; init; }

    /// <summary>Null: the mesh default.</summary>
    public RetrySettings? Retries { get; init; }

    public HeaderOperations RequestHeaders { get; init; } = HeaderOperations.None;

    public HeaderOperations ResponseHeaders { get; init; } = HeaderOperations.None;

    public Origin? HeadersOrigin { get; init; }

    public required Origin Origin { get; init; }
}
