using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Header = Weft.Xds.Proto.Config.Route.V3.HeaderMatcher;
using Query = Weft.Xds.Proto.Config.Route.V3.QueryParameterMatcher;
using Substitution = Weft.Xds.Proto.Types.Matcher.V3.RegexMatchAndSubstitute;
using Text = Weft.Xds.Proto.Types.Matcher.V3.StringMatcher;

namespace Weft.Xds.Reading;

/// <summary>How text, headers and query parameters are compared.</summary>
internal static class MatcherReader
{
    /// <summary>StringMatcher; null, with a problem, when it names no pattern.</summary>
    public static StringMatchConfig? StringMatch(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        StringMatchKind? kind = null;
        var value = "";
        var ignoreCase = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Text.ExactFieldNumber: (kind, value) = (StringMatchKind.Exact, field.Text); break;
                case Text.PrefixFieldNumber: (kind, value) = (StringMatchKind.Prefix, field.Text); break;
                case Text.SuffixFieldNumber: (kind, value) = (StringMatchKind.Suffix, field.Text); break;
                case Text.ContainsFieldNumber: (kind, value) = (StringMatchKind.Contains, field.Text); break;
                case Text.SafeRegexFieldNumber: (kind, value) = (StringMatchKind.SafeRegex, Regex(field.Bytes, "safe_regex", report)); break;
                case Text.IgnoreCaseFieldNumber: ignoreCase = field.Bool; break;
            }
        }

        if (kind is null)
        {
            report.Add("", "needs exact, prefix, suffix, contains or safe_regex");
            return null;
        }

        // Envoy: an empty prefix would match everything, which nobody means.
        if (value.Length == 0 && kind is StringMatchKind.Prefix or StringMatchKind.Suffix or StringMatchKind.Contains) report.Add("", "must not be empty");
        return new StringMatchConfig(kind.Value, value, ignoreCase);
    }

    /// <summary>RegexMatcher; whether it compiles is decided where the automaton is built.</summary>
    public static string Regex(ReadOnlySpan<byte> bytes, string name, WalkReport report)
    {
        var pattern = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) pattern = field.Text;
        }

        if (pattern.Length == 0) report.Add($"{name}.regex", "must not be empty");
        return pattern;
    }

    public static RegexRewriteConfig RegexRewrite(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        string pattern = "", substitution = "";
        var hasPattern = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == Substitution.PatternFieldNumber) (pattern, hasPattern) = (Regex(field.Bytes, "pattern", report), true);
            else if (field.Number == Substitution.SubstitutionFieldNumber) substitution = field.Text;
        }

        if (!hasPattern) report.Add("pattern", "is required");
        return new RegexRewriteConfig(pattern, substitution);
    }

    public static HeaderMatcherConfig HeaderMatcher(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        // Without a specifier a matcher asks for presence (HeaderMatcher in route_components.proto).
        var matcher = new HeaderMatcherConfig { Kind = HeaderMatchKind.Present };
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Header.NameFieldNumber: matcher.Name = field.Text; break;
                case Header.InvertMatchFieldNumber: matcher.Invert = field.Bool; break;
                case Header.TreatMissingHeaderAsEmptyFieldNumber: matcher.TreatMissingAsEmpty = field.Bool; break;
                case Header.PresentMatchFieldNumber: (matcher.Kind, matcher.Present) = (HeaderMatchKind.Present, field.Bool); break;
                case Header.RangeMatchFieldNumber: Range(field.Bytes, matcher); break;
                case Header.StringMatchFieldNumber:
                    using (report.At("string_match")) SetText(matcher, StringMatch(field.Bytes, report));
                    break;
                // The four deprecated aliases of string_match (field numbers 4, 9, 10, 12) and of its regex (11).
                case 4: SetText(matcher, new StringMatchConfig(StringMatchKind.Exact, field.Text)); break;
                case 9: SetText(matcher, new StringMatchConfig(StringMatchKind.Prefix, field.Text)); break;
                case 10: SetText(matcher, new StringMatchConfig(StringMatchKind.Suffix, field.Text)); break;
                case 12: SetText(matcher, new StringMatchConfig(StringMatchKind.Contains, field.Text)); break;
                case 11: SetText(matcher, new StringMatchConfig(StringMatchKind.SafeRegex, Regex(field.Bytes, "safe_regex_match", report))); break;
            }
        }

        if (matcher.Name.Length == 0) report.Add("name", "must not be empty");
        return matcher;
    }

    public static QueryMatcherConfig QueryMatcher(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var matcher = new QueryMatcherConfig { Kind = QueryMatchKind.Present };
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Query.NameFieldNumber: matcher.Name = field.Text; break;
                case Query.PresentMatchFieldNumber: (matcher.Kind, matcher.Present) = (QueryMatchKind.Present, field.Bool); break;
                case Query.StringMatchFieldNumber:
                    matcher.Kind = QueryMatchKind.String;
                    using (report.At("string_match")) matcher.Value = StringMatch(field.Bytes, report);
                    break;
            }
        }

        if (matcher.Name.Length == 0) report.Add("name", "must not be empty");
        return matcher;
    }

    private static void SetText(HeaderMatcherConfig matcher, StringMatchConfig? value) => (matcher.Kind, matcher.Value) = (HeaderMatchKind.String, value);

    private static void Range(ReadOnlySpan<byte> bytes, HeaderMatcherConfig matcher)
    {
        matcher.Kind = HeaderMatchKind.Range;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) matcher.RangeStart = field.Int64;
            else if (field.Number == 2) matcher.RangeEnd = field.Int64;
        }
    }
}
