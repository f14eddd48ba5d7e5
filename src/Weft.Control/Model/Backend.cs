namespace Weft.Control.Model;

/// <summary>One destination of a rule.</summary>
public sealed record Backend
{
    /// <summary>Fully qualified host.</summary>
    public required string Host { get; init; }

    /// <summary>Name of a subset, or empty.</summary>
    public string Subset { get; init; } = "";

    /// <summary>Service port, or 0 when the rule names none: the service's only port, else the listener's.</summary>
    public int Port { get; init; }

    /// <summary>Share relative to the other backends of the rule.</summary>
    public int Weight { get; init; }

    public HeaderOperations RequestHeaders { get; init; } = HeaderOperations.None;

    public HeaderOperations ResponseHeaders { get; init; } = HeaderOperations.None;

    /// <summary>Authority to write, or empty (a <c>host</c> in the request header operations).</summary>
    public string AuthorityRewrite { get; init; } = "";

    public required Origin Origin { get; init; }
}
