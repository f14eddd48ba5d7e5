using System.Collections.Generic;

namespace Weft.Policy.Regex;

/// <summary>A parsed regular expression.</summary>
internal abstract record RegexNode
{
    /// <summary>Matches the empty string.</summary>
    public sealed record Empty : RegexNode;

    /// <summary>One code point of a set.</summary>
    public sealed record Runes(RuneSet Set) : RegexNode;

    public sealed record Concat(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary>In order of preference.</summary>
    public sealed record Alternate(IReadOnlyList<RegexNode> Parts) : RegexNode;

    /// <summary><paramref name="Max"/> -1 is without end.</summary>
    public sealed record Repeat(RegexNode Inner, int Min, int Max, bool IsGreedy) : RegexNode;

    /// <summary>A capturing group.</summary>
    public sealed record Group(RegexNode Inner, int Number) : RegexNode;

    /// <summary><c>^</c> and <c>\A</c>.</summary>
    public sealed record Begin : RegexNode;

    /// <summary><c>$</c> and <c>\z</c>.</summary>
    public sealed record End : RegexNode;
}
