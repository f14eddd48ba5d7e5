namespace Weft.Policy.Model;

/// <summary>HeaderMatcher as written; pseudo headers <c>:method</c>, <c>:authority</c>, <c>:scheme</c> included.</summary>
public sealed class HeaderMatcherConfig
{
    public string Name { get; set; } = "";

    public HeaderMatchKind Kind { get; set; }

    /// <summary>For <see cref="HeaderMatchKind.String"/>.</summary>
    public StringMatchConfig? Value { get; set; }

    /// <summary>For <see cref="HeaderMatchKind.Range"/>: from start up to but without end.</summary>
    public long RangeStart { get; set; }

    public long RangeEnd { get; set; }

    /// <summary>For <see cref="HeaderMatchKind.Present"/>: present_match.</summary>
    public bool Present { get; set; } = true;

    public bool Invert { get; set; }

    public bool TreatMissingAsEmpty { get; set; }
}
