using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>HTTPMatchRequest and StringMatch.</summary>
internal static class HttpMatchBinder
{
    internal static HttpMatchRequest? Match(FieldReader r)
    {
        var match = new HttpMatchRequest
        {
            Index = r.Index,
            Name = r.String("name"),
            StatPrefix = r.String("statPrefix"),
            Uri = r.Object("uri", PathMatch),
            Scheme = r.Object("scheme", NonEmpty),
            Method = r.Object("method", NonEmpty),
            Authority = r.Object("authority", NonEmpty),
            Headers = r.Map("headers", HeaderMatch),
            WithoutHeaders = r.Map("withoutHeaders", HeaderMatch),
            QueryParams = r.Map("queryParams", static (reader, _) => Optional(reader)),
            IgnoreUriCase = r.Bool("ignoreUriCase") ?? false,
            Port = r.UInt32("port", 65535),
            SourceLabels = r.StringMap("sourceLabels"),
            SourceNamespace = r.String("sourceNamespace"),
            Gateways = r.Strings("gateways"),
        };
        return r.HasUnhonoured ? null : match;
    }

    private static StringMatch? HeaderMatch(FieldReader r, string name)
    {
        if (HeaderRules.MatchName(name) is { } wrong)
        {
            r.Error(wrong);
        }

        if (r.Node.IsNull)
        {
            r.Error("A header match must not be null; write {} for \"is present\".");
        }

        if (HeaderRules.IsClaim(name))
        {
            ClaimRules(r);
        }

        return Optional(r);
    }

    /// <summary>A match on a JWT claim needs request authentication at a gateway; until that is honoured the alternative is left out.</summary>
    private static void ClaimRules(FieldReader r)
    {
        if (r.Context.HonoursAll)
        {
            return;
        }

        r.HasUnhonoured = true;
        r.Context.Report(DiagnosticSeverity.Warning, DiagnosticCodes.NotHonoured, r.Path, 0, 0,
            "This version of Weft does not honour matches on JWT claims; the alternative that holds it is left out, so that it does not match more than it says.");
    }

    /// <summary>A map value: <c>{}</c> or null means present; an empty prefix or regex means nothing and is refused.</summary>
    private static StringMatch? Optional(FieldReader r)
    {
        StringMatch? match = StringMatch(r);
        if (match is { Kind: StringMatchKind.Prefix or StringMatchKind.Regex, Value.Length: 0 })
        {
            r.Error($"An empty {match.Kind.ToString().ToLowerInvariant()} matches nothing useful; write {{}} for \"is present\".");
        }

        return match;
    }

    private static StringMatch? PathMatch(FieldReader r) => NonEmpty(r);

    private static StringMatch? NonEmpty(FieldReader r)
    {
        StringMatch? match = StringMatch(r);
        if (match is not null && match.Value.Length == 0)
        {
            r.Error("A match needs one of exact, prefix and regex with a text that is not empty.");
        }

        return match;
    }

    /// <summary>One of exact, prefix, regex; none is <see cref="StringMatchKind.Present"/>.</summary>
    internal static StringMatch? StringMatch(FieldReader r)
    {
        string? exact = r.String("exact");
        string? prefix = r.String("prefix");
        string? regex = r.String("regex");
        if (new[] { "exact", "prefix", "regex" }.Count(r.Has) > 1)
        {
            r.Error("exact, prefix and regex exclude each other; keep one.");
        }

        if (regex is { Length: > 0 } && RegexRules.Check(regex) is { } wrong)
        {
            r.FieldError("regex", wrong);
        }

        return exact is not null ? new StringMatch(StringMatchKind.Exact, exact)
            : prefix is not null ? new StringMatch(StringMatchKind.Prefix, prefix)
            : regex is not null ? new StringMatch(StringMatchKind.Regex, regex)
            : new StringMatch(StringMatchKind.Present, "");
    }

    internal static IReadOnlyList<StringMatch> List(FieldReader r, string name) =>
        r.List(name, m => StringMatch(m) is { Kind: not StringMatchKind.Present, Value.Length: > 0 } match ? match : Empty(m));

    private static StringMatch? Empty(FieldReader r)
    {
        r.Error("A match needs one of exact, prefix and regex with a text that is not empty.");
        return null;
    }
}
