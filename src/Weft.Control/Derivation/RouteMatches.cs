using Weft.Control.Model;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Types.Matcher.V3;

namespace Weft.Control.Derivation;

/// <summary>One alternative of a rule → Envoy's matchers. Pure.</summary>
internal static class RouteMatches
{
    public static RouteMatch Of(RuleMatch match)
    {
        var result = new RouteMatch();
        switch (match.Path)
        {
            case { Kind: TextMatchKind.Exact } path: result.Path = path.Value; break;
            case { Kind: TextMatchKind.Prefix } path: result.Prefix = path.Value; break;
            case { Kind: TextMatchKind.Regex } path: result.SafeRegex = new RegexMatcher { Regex = path.Value }; break;
            case { Kind: TextMatchKind.PathSegments } path: result.PathSeparatedPrefix = path.Value; break;
            default: result.Prefix = "/"; break;
        }

        if (match.IgnoreCase)
        {
            result.CaseSensitive = false;
        }

        AddHeader(result, ":method", match.Method);
        AddHeader(result, ":scheme", match.Scheme);
        AddHeader(result, ":authority", match.Authority);
        foreach ((string name, TextMatch value) in match.Headers)
        {
            AddHeader(result, name, value);
        }

        foreach ((string name, TextMatch value) in match.WithoutHeaders)
        {
            HeaderMatcher header = Header(name, value);
            header.InvertMatch = true;
            header.TreatMissingHeaderAsEmpty = value.Kind != TextMatchKind.Present;
            result.Headers.Add(header);
        }

        foreach ((string name, TextMatch value) in match.QueryParameters)
        {
            var parameter = new QueryParameterMatcher { Name = name };
            if (value.Kind == TextMatchKind.Present)
            {
                parameter.PresentMatch = true;
            }
            else
            {
                parameter.StringMatch = Text(value);
            }

            result.QueryParameters.Add(parameter);
        }

        return result;
    }

    private static void AddHeader(RouteMatch result, string name, TextMatch? value)
    {
        if (value is { } match)
        {
            result.Headers.Add(Header(name, match));
        }
    }

    private static HeaderMatcher Header(string name, TextMatch value) => value.Kind == TextMatchKind.Present
        ? new HeaderMatcher { Name = name, PresentMatch = true }
        : new HeaderMatcher { Name = name, StringMatch = Text(value) };

    private static StringMatcher Text(TextMatch value) => value.Kind switch
    {
        TextMatchKind.Prefix => new StringMatcher { Prefix = value.Value },
        TextMatchKind.Regex => new StringMatcher { SafeRegex = new RegexMatcher { Regex = value.Value } },
        _ => new StringMatcher { Exact = value.Value },
    };

    /// <summary>The path of a match as span names show it.</summary>
    public static string PathOf(RuleMatch match) => match.Path switch
    {
        { Kind: TextMatchKind.Exact or TextMatchKind.Regex } path => path.Value,
        { Kind: TextMatchKind.Prefix } path => path.Value + "*",
        _ => "/*",
    };
}
