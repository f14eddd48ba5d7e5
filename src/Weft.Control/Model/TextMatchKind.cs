namespace Weft.Control.Model;

/// <summary>How <see cref="TextMatch.Value"/> is compared.</summary>
public enum TextMatchKind : byte
{
    Exact,
    Prefix,

    /// <summary>RE2 syntax, whole text.</summary>
    Regex,

    /// <summary>Present, whatever the value.</summary>
    Present,

    /// <summary>Whole path segments, as Gateway API means a prefix.</summary>
    PathSegments,
}
