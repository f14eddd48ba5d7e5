namespace Weft.Policy.Model;

/// <summary>RegexMatchAndSubstitute: RE2 replace-all; <c>\0</c>…<c>\9</c> in the substitution are groups, <c>\\</c> a backslash.</summary>
public sealed record RegexRewriteConfig(string Pattern, string Substitution);
