using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Regex;

namespace Weft.Policy.Decide;

/// <summary>Evaluates compiled string matchers: header values, query parameters, subject alternative names.</summary>
public static class StringMatch
{
    public static bool Matches(BlockView block, in StringMatcherRecord matcher, ReadOnlySpan<byte> value)
    {
        if (matcher.Kind == StringMatchKind.SafeRegex)
            return RegexDfa.IsMatch(block.Embedded(matcher.Regex), value);
        ReadOnlySpan<byte> wanted = block.Utf8(matcher.Value);
        return matcher.IgnoreCase == 0 ? Compare(matcher.Kind, value, wanted) : CompareIgnoringCase(matcher.Kind, value, wanted);
    }

    /// <summary>OR over a list; an empty list matches nothing (callers decide what no list means).</summary>
    public static bool MatchesAny(BlockView block, Run matchers, ReadOnlySpan<byte> value)
    {
        foreach (ref readonly StringMatcherRecord matcher in block.StringMatchers(matchers))
        {
            if (Matches(block, matcher, value))
                return true;
        }

        return false;
    }

    /// <summary><c>exact 'v1'</c>, for traces.</summary>
    internal static string Describe(BlockView block, in StringMatcherRecord matcher)
        => $"{(matcher.Kind == StringMatchKind.SafeRegex ? "regex" : matcher.Kind.ToString().ToLowerInvariant())} '{block.String(matcher.Value)}'"
            + (matcher.IgnoreCase == 0 ? "" : " ignoring case");

    private static bool Compare(StringMatchKind kind, ReadOnlySpan<byte> value, ReadOnlySpan<byte> wanted) => kind switch
    {
        StringMatchKind.Exact => value.SequenceEqual(wanted),
        StringMatchKind.Prefix => value.StartsWith(wanted),
        StringMatchKind.Suffix => value.EndsWith(wanted),
        _ => value.IndexOf(wanted) >= 0,
    };

    private static bool CompareIgnoringCase(StringMatchKind kind, ReadOnlySpan<byte> value, ReadOnlySpan<byte> wanted)
    {
        if (value.Length < wanted.Length)
            return false;
        switch (kind)
        {
            case StringMatchKind.Exact: return Ascii.EqualsLower(value, wanted);
            case StringMatchKind.Prefix: return Ascii.EqualsLower(value[..wanted.Length], wanted);
            case StringMatchKind.Suffix: return Ascii.EqualsLower(value[^wanted.Length..], wanted);
            default:
                for (int i = 0; i + wanted.Length <= value.Length; i++)
                {
                    if (Ascii.EqualsLower(value.Slice(i, wanted.Length), wanted))
                        return true;
                }

                return false;
        }
    }
}
