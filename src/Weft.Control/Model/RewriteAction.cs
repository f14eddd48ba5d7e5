namespace Weft.Control.Model;

/// <summary>Changes to the request line and authority before it is forwarded; empty strings change nothing.</summary>
public sealed record RewriteAction(string Uri, string Authority, string RegexPattern, string RegexSubstitution, Origin Origin);
