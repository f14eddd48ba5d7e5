namespace Weft.Control.Model;

/// <summary>Answer 3xx. Empty strings and 0 keep what the request had.</summary>
public sealed record RedirectAction(string Path, string PrefixRewrite, string Authority, string Scheme, int Port, int Code, Origin Origin)
{
    /// <summary>True when the port is the default of the resulting scheme.</summary>
    public bool PortFromScheme { get; init; }
}
