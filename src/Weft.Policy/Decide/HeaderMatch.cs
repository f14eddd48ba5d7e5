using System;
using System.Buffers.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Decide;

/// <summary>
/// Evaluates one HeaderMatcher (xds.md C.1). A header that occurs more than once matches when any of its values does, and inverted when none does:
/// values are never joined, so a second line cannot hide the first (CVE-2026-26308; a row in differences.md, Envoy joins with a comma).
/// </summary>
internal static class HeaderMatch
{
    public static bool Matches(BlockView block, in HeaderMatcherRecord matcher, in RequestView request)
    {
        bool isInverted = matcher.Invert == 1;
        if (matcher.Source != HeaderSource.Header)
            return MatchesValue(block, matcher, Pseudo(matcher.Source, request)) != isInverted;

        int index = request.Headers.Find(block.Utf8(matcher.Name));
        if (matcher.Kind == HeaderMatchKind.Present)
            return (index >= 0 == (matcher.Present == 1)) != isInverted;
        if (index < 0)
        {
            // Without the flag a missing header never matches, not even inverted: that is why istiod sets it on withoutHeaders.
            return matcher.TreatMissingAsEmpty == 1 && MatchesValue(block, matcher, default) != isInverted;
        }

        bool any = false;
        for (; index >= 0 && !any; index = request.Headers.Find(block.Utf8(matcher.Name), index + 1))
            any = MatchesValue(block, matcher, request.Headers.Value(index));
        return any != isInverted;
    }

    /// <summary>Why it does not match, in words.</summary>
    public static string DescribeMiss(BlockView block, in HeaderMatcherRecord matcher, in RequestView request)
    {
        string name = block.String(matcher.Name);
        string not = matcher.Invert == 1 ? "not " : "";
        string wanted = not + matcher.Kind switch
        {
            HeaderMatchKind.Present => matcher.Present == 1 ? "present" : "absent",
            HeaderMatchKind.Range => $"in [{matcher.RangeStart}, {matcher.RangeEnd})",
            _ => StringMatch.Describe(block, matcher.Value),
        };
        if (matcher.Source != HeaderSource.Header)
            return $"{name} is {Trace.TraceText.Quoted(Pseudo(matcher.Source, request))}, wanted {wanted}";
        int index = request.Headers.Find(block.Utf8(matcher.Name));
        return index < 0 ? $"header {name} is absent, wanted {wanted}" : $"header {name} is {Trace.TraceText.Quoted(request.Headers.Value(index))}, wanted {wanted}";
    }

    private static bool MatchesValue(BlockView block, in HeaderMatcherRecord matcher, ReadOnlySpan<byte> value) => matcher.Kind switch
    {
        HeaderMatchKind.Present => matcher.Present == 1,
        HeaderMatchKind.Range => Utf8Parser.TryParse(value, out long number, out int used) && used == value.Length
            && number >= matcher.RangeStart && number < matcher.RangeEnd,
        _ => StringMatch.Matches(block, matcher.Value, value),
    };

    private static ReadOnlySpan<byte> Pseudo(HeaderSource source, in RequestView request) => source switch
    {
        HeaderSource.Method => request.Method,
        HeaderSource.Authority => request.Authority,
        _ => request.Scheme,
    };
}
