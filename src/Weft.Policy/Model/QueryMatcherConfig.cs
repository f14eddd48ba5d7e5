namespace Weft.Policy.Model;

/// <summary>QueryParameterMatcher as written.</summary>
public sealed class QueryMatcherConfig
{
    public string Name { get; set; } = "";

    public QueryMatchKind Kind { get; set; }

    public StringMatchConfig? Value { get; set; }

    /// <summary>present_match.</summary>
    public bool Present { get; set; } = true;
}
