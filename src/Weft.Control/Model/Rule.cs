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

/// <summary>Answer 3xx. Empty strings and 0 keep what the request had.</summary>
public sealed record RedirectAction(string Path, string PrefixRewrite, string Authority, string Scheme, int Port, int Code, Origin Origin)
{
    /// <summary>True when the port is the default of the resulting scheme.</summary>
    public bool PortFromScheme { get; init; }
}

/// <summary>Answer without going upstream.</summary>
public sealed record DirectResponseAction(int Status, string? Text, ReadOnlyMemory<byte> Bytes, Origin Origin);

/// <summary>Changes to the request line and authority before it is forwarded; empty strings change nothing.</summary>
public sealed record RewriteAction(string Uri, string Authority, string RegexPattern, string RegexSubstitution, Origin Origin);
