namespace Weft.Policy.Model;

/// <summary><c>envoy.type.matcher.v3.StringMatcher</c>.</summary>
public sealed record StringMatchConfig(StringMatchKind Kind, string Value, bool IgnoreCase = false);
