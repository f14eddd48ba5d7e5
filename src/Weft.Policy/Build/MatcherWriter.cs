using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Regex;

namespace Weft.Policy.Build;

/// <summary>Writes string, header and query matchers.</summary>
internal static class MatcherWriter
{
    public static Run AddStrings(BlockWriter writer, List<StringMatchConfig> matchers, string path, ConfigProblems problems)
    {
        int start = writer.Count(BlockSection.StringMatchers);
        for (int i = 0; i < matchers.Count; i++)
            writer.Add(BlockSection.StringMatchers, String(writer, matchers[i], $"{path}[{i}]", problems));
        return writer.Since(BlockSection.StringMatchers, start);
    }

    public static StringMatcherRecord String(BlockWriter writer, StringMatchConfig matcher, string path, ConfigProblems problems)
    {
        var record = new StringMatcherRecord { Kind = matcher.Kind, IgnoreCase = matcher.IgnoreCase ? 1 : 0 };
        if (matcher.Kind == StringMatchKind.SafeRegex)
        {
            record.Value = writer.Text(matcher.Value);
            record.Regex = Regex(writer, matcher.Value, path + ".safe_regex.regex", problems);
            return record;
        }

        if (matcher.Value.Length == 0 && matcher.Kind != StringMatchKind.Exact)
            problems.Add(path, "must not be empty");
        record.Value = writer.Text(matcher.IgnoreCase ? AsciiLower(matcher.Value) : matcher.Value);
        return record;
    }

    public static Embedded Regex(BlockWriter writer, string pattern, string path, ConfigProblems problems)
    {
        if (RegexCompiler.TryCompileMatcher(pattern, out byte[] image, out string error))
            return writer.Embed(image);
        problems.Add(path, error);
        return default;
    }

    public static Run AddHeaders(BlockWriter writer, List<HeaderMatcherConfig> matchers, string path, ConfigProblems problems)
    {
        int start = writer.Count(BlockSection.HeaderMatchers);
        for (int i = 0; i < matchers.Count; i++)
        {
            HeaderMatcherConfig matcher = matchers[i];
            string at = $"{path}[{i}]";
            string name = AsciiLower(matcher.Name);
            if (name.Length == 0)
                problems.Add(at + ".name", "must not be empty");
            HeaderSource source = Source(name, at, problems);
            if (matcher.Kind == HeaderMatchKind.String && matcher.Value is null)
                problems.Add(at, "needs a header_match_specifier");
            writer.Add(BlockSection.HeaderMatchers, new HeaderMatcherRecord
            {
                Name = writer.Text(name),
                Kind = matcher.Kind,
                Source = source,
                Value = matcher.Value is null ? default : String(writer, matcher.Value, at + ".string_match", problems),
                RangeStart = matcher.RangeStart,
                RangeEnd = matcher.RangeEnd,
                Present = matcher.Present ? 1 : 0,
                Invert = matcher.Invert ? 1 : 0,
                TreatMissingAsEmpty = matcher.TreatMissingAsEmpty ? 1 : 0,
            });
        }

        return writer.Since(BlockSection.HeaderMatchers, start);
    }

    public static Run AddQuery(BlockWriter writer, List<QueryMatcherConfig> matchers, string path, ConfigProblems problems)
    {
        int start = writer.Count(BlockSection.QueryMatchers);
        for (int i = 0; i < matchers.Count; i++)
        {
            QueryMatcherConfig matcher = matchers[i];
            string at = $"{path}[{i}]";
            if (matcher.Name.Length == 0)
                problems.Add(at + ".name", "must not be empty");
            if (matcher.Kind == QueryMatchKind.String && matcher.Value is null)
                problems.Add(at + ".string_match", "must be set");
            writer.Add(BlockSection.QueryMatchers, new QueryMatcherRecord
            {
                Name = writer.Text(matcher.Name),
                Kind = matcher.Kind,
                Present = matcher.Present ? 1 : 0,
                Value = matcher.Value is null ? default : String(writer, matcher.Value, at + ".string_match", problems),
            });
        }

        return writer.Since(BlockSection.QueryMatchers, start);
    }

    internal static string AsciiLower(string value)
        => string.Create(value.Length, value, static (span, v) =>
        {
            for (int i = 0; i < v.Length; i++)
                span[i] = char.IsAsciiLetterUpper(v[i]) ? (char)(v[i] | 0x20) : v[i];
        });

    private static HeaderSource Source(string name, string path, ConfigProblems problems)
    {
        switch (name)
        {
            case ":method": return HeaderSource.Method;
            case ":authority" or "host": return HeaderSource.Authority;
            case ":scheme": return HeaderSource.Scheme;
            default:
                if (name.StartsWith(':'))
                    problems.Add(path + ".name", $"'{name}' is not a pseudo header that can be matched (the path has its own matchers)");
                return HeaderSource.Header;
        }
    }
}
