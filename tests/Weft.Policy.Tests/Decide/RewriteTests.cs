using System;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Regex;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Decide;

public class RewriteTests
{
    [Theory]
    [InlineData(PathMatchKind.Prefix, "/api", "/", "/api/x", "//x")]      // Istio's known trap, kept
    [InlineData(PathMatchKind.Prefix, "/api/", "/", "/api/x", "/x")]
    [InlineData(PathMatchKind.Prefix, "/API", "/v2", "/api/x", "/v2/x")]
    [InlineData(PathMatchKind.Path, "/api", "/v2", "/api", "/v2")]
    [InlineData(PathMatchKind.PathSeparatedPrefix, "/api", "/v2", "/api/x", "/v2/x")]
    [InlineData(PathMatchKind.SafeRegex, "/a.*", "/v2", "/api/x", "/v2")]  // the whole path
    public void Apply_PrefixRewrite_ReplacesWhatMatched(PathMatchKind kind, string pattern, string rewrite, string path, string expected)
    {
        var route = new RouteConfig { PathKind = kind, Path = pattern, CaseSensitive = false, Forward = new RouteActionConfig { Cluster = "c", PrefixRewrite = rewrite } };

        Assert.Equal(expected, Apply(route, path));
    }

    [Fact]
    public void Apply_RegexRewrite_ReplacesByGroups()
    {
        RouteConfig route = Grid.Route("/", "c");
        route.Forward!.RegexRewrite = new RegexRewriteConfig("^/service/([^/]+)(/.*)$", "\\2/instance/\\1");

        Assert.Equal("/v1/api/instance/foo", Apply(route, "/service/foo/v1/api"));
        Assert.Equal("unchanged", Apply(route, "/other"));
    }

    [Fact]
    public void Apply_NoRewrite_LeavesThePath() => Assert.Equal("unchanged", Apply(Grid.Route("/", "c"), "/x"));

    [Fact]
    public void Host_WeightedClusterHasItsOwn_WinsOverTheRoutes()
    {
        RouteConfig route = Grid.Split("/", ("a", 1), ("b", 1));
        route.Forward!.HostRewriteLiteral = "route";
        route.Forward.WeightedClusters[1].HostRewriteLiteral = "weighted";
        var view = new VirtualHostView(new BlockView(Compiled.Of(Grid.VirtualHost("h", route), "t").Bytes));

        Assert.Equal("route", Compiled.Text(PathRewrite.Host(view, Choice(0))));
        Assert.Equal("weighted", Compiled.Text(PathRewrite.Host(view, Choice(1))));
    }

    // Request is http://h:80/old/x?q=1 unless the case says otherwise.
    [Theory]
    [InlineData("https", "", 0, "", "", false, "https://h/old/x?q=1")]            // the old default port goes
    [InlineData("", "other", 0, "", "", false, "http://other/old/x?q=1")]
    [InlineData("", "", 8443, "", "", false, "http://h:8443/old/x?q=1")]
    [InlineData("https", "other", 8443, "", "", false, "https://other:8443/old/x?q=1")]
    [InlineData("", "", 0, "/new", "", false, "http://h:80/new?q=1")]
    [InlineData("", "", 0, "/new?z=2", "", false, "http://h:80/new?z=2")]
    [InlineData("", "", 0, "/new", "", true, "http://h:80/new")]
    [InlineData("", "", 0, "", "/fresh", false, "http://h:80/fresh/x?q=1")]
    public void TryWriteLocation_Redirect_BuildsAnAbsoluteUrl(
        string scheme, string host, int port, string path, string prefix, bool stripQuery, string expected)
    {
        var route = new RouteConfig
        {
            Path = "/old",
            Redirect = new RedirectConfig
            {
                SchemeRedirect = scheme,
                HostRedirect = host,
                PortRedirect = port,
                PathRedirect = path,
                PrefixRewrite = prefix,
                StripQuery = stripQuery,
            },
        };

        Assert.Equal(expected, Location(route, 1024));
    }

    [Fact]
    public void TryWriteLocation_RegexRewrite_AppliesToThePath()
    {
        var route = new RouteConfig { Path = "/old", Redirect = new RedirectConfig { RegexRewrite = new RegexRewriteConfig("^/old(.*)$", "/n\\1") } };

        Assert.Equal("http://h:80/n/x?q=1", Location(route, 1024));
    }

    [Fact]
    public void TryWriteLocation_NoRoom_IsFalse()
        => Assert.Equal("too long", Location(new RouteConfig { Path = "/old", Redirect = new RedirectConfig { PathRedirect = "/new" } }, 18));

    [Fact]
    public void TryWriteHttpsLocation_TlsRequired_KeepsHostPathAndQuery()
    {
        var destination = new byte[100];

        Assert.True(RedirectDecision.TryWriteHttpsLocation(Grid.Request("h:80", "/p", query: "?q=1"), destination, out int written));
        Assert.Equal("https://h/p?q=1", Compiled.Text(destination.AsSpan(0, written)));
    }

    private static string Location(RouteConfig route, int room)
    {
        var view = new VirtualHostView(new BlockView(Compiled.Of(Grid.VirtualHost("h", route), "t").Bytes));
        var destination = new byte[room];
        return RedirectDecision.TryWriteLocation(view, 0, Grid.Request("h:80", "/old/x", query: "?q=1"), new RegexScratch(), destination, out int written)
            ? Compiled.Text(destination.AsSpan(0, written)) : "too long";
    }

    private static RequestChoice Choice(int weighted)
        => new(RequestOutcome.Forward, default, default, 0, weighted, default, 0);

    private static string Apply(RouteConfig route, string path)
    {
        var view = new VirtualHostView(new BlockView(Compiled.Of(Grid.VirtualHost("h", route), "t").Bytes));
        var destination = new byte[1024];
        RewriteResult result = PathRewrite.Apply(view, 0, Compiled.Utf8(path), new RegexScratch(), destination, out int written);
        Assert.NotEqual(RewriteResult.TooLong, result);
        return result == RewriteResult.Unchanged ? "unchanged" : Compiled.Text(destination.AsSpan(0, written));
    }
}
