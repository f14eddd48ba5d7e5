using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class RouteDecisionTests
{
    [Theory]
    [InlineData(PathMatchKind.Prefix, "/api", "/api", true)]
    [InlineData(PathMatchKind.Prefix, "/api", "/apis", true)]
    [InlineData(PathMatchKind.Prefix, "/api", "/ap", false)]
    [InlineData(PathMatchKind.Prefix, "/API", "/api", false)]
    [InlineData(PathMatchKind.Path, "/api", "/api", true)]
    [InlineData(PathMatchKind.Path, "/api", "/api/", false)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/api", "/api", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/api", "/api/x", true)]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/api", "/apis", false)]
    [InlineData(PathMatchKind.SafeRegex, "/v[12]/.*", "/v2/x", true)]
    [InlineData(PathMatchKind.SafeRegex, "/v[12]/.*", "/x/v2/x", false)]
    public void Match_PathSpecifier_AsEnvoy(PathMatchKind kind, string pattern, string path, bool expected)
        => Assert.Equal(expected, Matches(new RouteConfig { PathKind = kind, Path = pattern }, Grid.Request("h", path)));

    [Theory]
    [InlineData(PathMatchKind.Prefix, "/Api", "/aPI/x", true)]
    [InlineData(PathMatchKind.Path, "/Api", "/aPI", true)]
    [InlineData(PathMatchKind.Path, "/Api", "/aPI/", false)]
    public void Match_NotCaseSensitive_FoldsAscii(PathMatchKind kind, string pattern, string path, bool expected)
        => Assert.Equal(expected, Matches(new RouteConfig { PathKind = kind, Path = pattern, CaseSensitive = false }, Grid.Request("h", path)));

    [Fact]
    public void Match_SeveralRoutes_TakesTheFirstInListOrder()
    {
        var host = Grid.VirtualHost("h", Grid.Route("/", "short"), Grid.Route("/long", "long"));

        Assert.Equal(0, Match(host, Grid.Request("h", "/long"), out _));
    }

    [Theory]
    [InlineData(StringMatchKind.Exact, "v1", "v1", true)]
    [InlineData(StringMatchKind.Exact, "v1", "V1", false)]
    [InlineData(StringMatchKind.Prefix, "v", "v1", true)]
    [InlineData(StringMatchKind.Suffix, "1", "v1", true)]
    [InlineData(StringMatchKind.Contains, "ab", "xaby", true)]
    [InlineData(StringMatchKind.Contains, "ab", "xay", false)]
    [InlineData(StringMatchKind.SafeRegex, "v\\d+", "v12", true)]
    [InlineData(StringMatchKind.SafeRegex, "v\\d+", "xv12", false)]
    public void Match_HeaderValue_ByKind(StringMatchKind kind, string wanted, string value, bool expected)
    {
        var matcher = new HeaderMatcherConfig { Name = "X-Version", Value = new StringMatchConfig(kind, wanted) };

        Assert.Equal(expected, MatchesHeader(matcher, ("x-version", value)));
    }

    [Theory]
    [InlineData(StringMatchKind.Exact, "Ab", "aB", true)]
    [InlineData(StringMatchKind.Prefix, "Ab", "aBc", true)]
    [InlineData(StringMatchKind.Suffix, "Bc", "abC", true)]
    [InlineData(StringMatchKind.Contains, "B", "abc", true)]
    [InlineData(StringMatchKind.Contains, "bcd", "abc", false)]
    public void Match_HeaderIgnoringCase_FoldsAscii(StringMatchKind kind, string wanted, string value, bool expected)
    {
        var matcher = new HeaderMatcherConfig { Name = "x", Value = new StringMatchConfig(kind, wanted, IgnoreCase: true) };

        Assert.Equal(expected, MatchesHeader(matcher, ("x", value)));
    }

    // The table of xds.md C.1 point 5.
    [Theory]
    [InlineData(false, false, null, false)]   // missing never matches a value ...
    [InlineData(true, false, null, false)]    // ... not even inverted ...
    [InlineData(true, true, null, true)]      // ... unless it is treated as empty
    [InlineData(false, true, null, false)]
    [InlineData(false, false, "1", true)]
    [InlineData(true, false, "1", false)]
    [InlineData(true, false, "2", true)]
    public void Match_HeaderInverted_MissingIsSpecial(bool invert, bool missingAsEmpty, string? value, bool expected)
    {
        var matcher = new HeaderMatcherConfig
        {
            Name = "x",
            Value = new StringMatchConfig(StringMatchKind.Exact, "1"),
            Invert = invert,
            TreatMissingAsEmpty = missingAsEmpty,
        };

        Assert.Equal(expected, value is null ? MatchesHeader(matcher) : MatchesHeader(matcher, ("x", value)));
    }

    [Theory]
    [InlineData(true, false, true, true)]
    [InlineData(true, false, false, false)]
    [InlineData(false, false, true, false)]
    [InlineData(false, false, false, true)]
    [InlineData(true, true, true, false)]
    [InlineData(true, true, false, true)]
    [InlineData(false, true, false, false)]
    public void Match_HeaderPresence_AsEnvoy(bool present, bool invert, bool isThere, bool expected)
    {
        var matcher = new HeaderMatcherConfig { Name = "x", Kind = HeaderMatchKind.Present, Present = present, Invert = invert };

        Assert.Equal(expected, isThere ? MatchesHeader(matcher, ("x", "")) : MatchesHeader(matcher));
    }

    [Theory]
    [InlineData("10", true)]
    [InlineData("19", true)]
    [InlineData("20", false)]
    [InlineData("-1", false)]
    [InlineData("10x", false)]
    [InlineData("", false)]
    public void Match_HeaderRange_IsHalfOpen(string value, bool expected)
        => Assert.Equal(expected, MatchesHeader(
            new HeaderMatcherConfig { Name = "x", Kind = HeaderMatchKind.Range, RangeStart = 10, RangeEnd = 20 }, ("x", value)));

    [Fact]
    public void Match_RepeatedHeader_IsMatchedPerValueAndNeverJoined()
    {
        // CVE-2026-26308: joining with commas lets a second line hide the first.
        var exact = new HeaderMatcherConfig { Name = "x", Value = new StringMatchConfig(StringMatchKind.Exact, "evil") };
        var inverted = new HeaderMatcherConfig { Name = "x", Value = new StringMatchConfig(StringMatchKind.Exact, "evil"), Invert = true };

        Assert.True(MatchesHeader(exact, ("x", "good"), ("x", "evil")));
        Assert.False(MatchesHeader(inverted, ("x", "good"), ("x", "evil")));
    }

    [Theory]
    [InlineData(":method", "POST", true)]
    [InlineData(":method", "GET", false)]
    [InlineData(":authority", "h", true)]
    [InlineData("host", "h", true)]
    [InlineData(":scheme", "http", true)]
    public void Match_PseudoHeader_ReadsTheRequest(string name, string value, bool expected)
    {
        var route = new RouteConfig();
        route.Headers.Add(new HeaderMatcherConfig { Name = name, Value = new StringMatchConfig(StringMatchKind.Exact, value) });

        Assert.Equal(expected, Matches(route, Grid.Request("h", "/p", "POST")));
    }

    [Theory]
    [InlineData("?a=1&b=2", "b", "2", true)]
    [InlineData("a=1&b=2", "b", "2", true)]
    [InlineData("b=1&b=2", "b", "2", false)]     // the first value counts
    [InlineData("bb=2", "b", "2", false)]
    [InlineData("b", "b", "", true)]
    [InlineData("b=%32", "b", "2", false)]       // nothing is decoded
    [InlineData("", "b", "2", false)]
    public void Match_QueryParameter_ReadsTheFirstValueUndecoded(string query, string name, string value, bool expected)
    {
        var route = new RouteConfig();
        route.QueryParameters.Add(new QueryMatcherConfig { Name = name, Value = new StringMatchConfig(StringMatchKind.Exact, value) });

        Assert.Equal(expected, Matches(route, Grid.Request("h", query: query)));
    }

    [Theory]
    [InlineData("b", true, true)]
    [InlineData("a=1", true, false)]
    [InlineData("a=1", false, true)]
    public void Match_QueryPresence_AsAsked(string query, bool present, bool expected)
    {
        var route = new RouteConfig();
        route.QueryParameters.Add(new QueryMatcherConfig { Name = "b", Kind = QueryMatchKind.Present, Present = present });

        Assert.Equal(expected, Matches(route, Grid.Request("h", query: query)));
    }

    [Fact]
    public void Match_Explained_NamesEveryNearMissWithItsOrigin()
    {
        RouteConfig canary = Grid.Route("/", "v2", "canary");
        canary.Headers.Add(new HeaderMatcherConfig { Name = "x-canary", Value = new StringMatchConfig(StringMatchKind.Exact, "1") });
        canary.Origins.Add(new Origin("", "VirtualService", "grid", "forecast", "spec.http[0]"));
        RouteConfig api = Grid.Route("/api", "v1");
        RouteConfig rest = Grid.Route("/", "v1", "default");

        Assert.Equal(2, Match(Grid.VirtualHost("h", canary, api, rest), Grid.Request("h", "/day"), out ExplainTrace trace));

        Assert.Equal(
            [
                "Route NotTaken: route 0 'canary': header x-canary is absent, wanted exact '1'",
                "Route NotTaken: route 1: path is '/day', wanted prefix '/api'",
                "Route Taken: route 2 'default': prefix '/'",
            ],
            trace.Steps.Select(s => s.ToString()));
        Assert.Equal("VirtualService grid/forecast spec.http[0]", Assert.Single(trace.Steps[0].Origins).ToString());
    }

    private static bool MatchesHeader(HeaderMatcherConfig matcher, params (string, string)[] headers)
    {
        var route = new RouteConfig();
        route.Headers.Add(matcher);
        return Matches(route, Grid.Request("h", headers: Grid.Headers(headers)));
    }

    private static bool Matches(RouteConfig route, RequestView request)
    {
        route.Forward = new RouteActionConfig { Cluster = "c" };
        return Match(Grid.VirtualHost("h", route), request, out _) == 0;
    }

    /// <summary>Traced and untraced must agree: they are one implementation, and this is where that is watched.</summary>
    private static int Match(VirtualHostConfig host, RequestView request, out ExplainTrace trace)
    {
        BlockImage image = Compiled.Of(host, "t");
        var view = new VirtualHostView(new BlockView(image.Bytes));
        NoTrace none = default;
        trace = new ExplainTrace();
        int silent = RouteDecision.Match(view, request, ref none);
        Assert.Equal(silent, RouteDecision.Match(view, request, ref trace));
        return silent;
    }
}
