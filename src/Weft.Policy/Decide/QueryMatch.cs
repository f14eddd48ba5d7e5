using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Decide;

/// <summary>Evaluates one QueryParameterMatcher: the first value of the key, nothing decoded (xds.md C.1).</summary>
internal static class QueryMatch
{
    public static bool Matches(BlockView block, in QueryMatcherRecord matcher, in RequestView request)
    {
        bool exists = TryGet(request.QueryWithoutMark, block.Utf8(matcher.Name), out ReadOnlySpan<byte> value);
        return matcher.Kind == QueryMatchKind.Present
            ? exists == (matcher.Present == 1)
            : exists && StringMatch.Matches(block, matcher.Value, value);
    }

    public static string DescribeMiss(BlockView block, in QueryMatcherRecord matcher, in RequestView request)
    {
        string wanted = matcher.Kind == QueryMatchKind.Present ? matcher.Present == 1 ? "present" : "absent" : StringMatch.Describe(block, matcher.Value);
        return TryGet(request.QueryWithoutMark, block.Utf8(matcher.Name), out ReadOnlySpan<byte> value)
            ? $"query parameter {block.String(matcher.Name)} is {Trace.TraceText.Quoted(value)}, wanted {wanted}"
            : $"query parameter {block.String(matcher.Name)} is absent, wanted {wanted}";
    }

    private static bool TryGet(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        value = default;
        while (!query.IsEmpty)
        {
            int end = query.IndexOf((byte)'&');
            ReadOnlySpan<byte> pair = end < 0 ? query : query[..end];
            query = end < 0 ? default : query[(end + 1)..];
            int equals = pair.IndexOf((byte)'=');
            ReadOnlySpan<byte> key = equals < 0 ? pair : pair[..equals];
            if (!key.SequenceEqual(name))
                continue;
            value = equals < 0 ? default : pair[(equals + 1)..];
            return true;
        }

        return false;
    }
}
