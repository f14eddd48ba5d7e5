using System.Linq;
using Weft.Policy.Blocks;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Types.Matcher.V3;

namespace Weft.Xds.Tests.Decoding;

public sealed class RouteDecodingTests
{
    private const string Name = "8080/forecast.grid.svc.cluster.local:8080";

    [Fact]
    public void Decode_VirtualHostAsWeftdSendsIt_IsAcceptedAndNamesItsClusters()
    {
        var decoded = Sample.Decode(Sample.Host(), Name);

        Assert.Empty(decoded.Problems);
        Assert.Equal(BlockKind.VirtualHost, decoded.Image!.Kind);
        Assert.Equal(["outbound|8080|v1|forecast", "outbound|8080|v2|forecast", Sample.ForecastCluster], decoded.References.Select(r => r.Name));
    }

    [Fact]
    public void Decode_SameBytesTwice_GiveTheSameDigest() =>
        Assert.Equal(Sample.Decode(Sample.Host(), Name).Image!.Digest, Sample.Decode(Sample.Host(), Name).Image!.Digest);

    [Fact]
    public void Decode_RouteTableWithInlineHosts_IsAcceptedAsPlainEnvoySendsIt()
    {
        var table = new RouteConfiguration { Name = "http.8080", VirtualHosts = { Sample.Host() } };

        Assert.Empty(Sample.Decode(table, "http.8080").Problems);
    }

    [Fact]
    public void Decode_DomainClaimedTwice_IsRefused()
    {
        var table = new RouteConfiguration { Name = "http.8080", VirtualHosts = { Sample.Host("a"), Sample.Host("b") } };

        Assert.Contains(Sample.Decode(table, "http.8080").Problems, p => p.FieldPath == "virtual_hosts[1].domains[0]");
    }

    [Theory]
    [InlineData("no action", "routes[0]")]
    [InlineData("no path", "routes[0].match")]
    [InlineData("zero weights", "routes[0].route.weighted_clusters.clusters")]
    [InlineData("two rewrites", "routes[0].route.regex_rewrite")]
    [InlineData("unknown retry word", "routes[0].route.retry_policy.retry_on")]
    [InlineData("bad status", "routes[0].direct_response.status")]
    [InlineData("host header", "routes[0].request_headers_to_add[0].header.key")]
    [InlineData("pseudo header", "routes[0].request_headers_to_remove[0]")]
    [InlineData("line break", "routes[0].request_headers_to_add[0].header.value")]
    [InlineData("negative timeout", "routes[0].route.timeout")]
    [InlineData("runtime fraction", "routes[0].match.runtime_fraction")]
    [InlineData("per filter config", "routes[0].typed_per_filter_config")]
    [InlineData("empty prefix matcher", "routes[0].match.headers[0].string_match")]
    [InlineData("bad regex", "routes[0].match.safe_regex.regex")]
    public void Decode_RouteBrokenInOnePlace_IsRefusedAtThatField(string what, string path)
    {
        var host = Sample.Host();
        Break(host.Routes[0], what);

        var decoded = Sample.Decode(host, Name);

        Assert.True(decoded.IsRefused);
        Assert.Contains(path, decoded.Problems.Select(p => p.FieldPath));
    }

    [Fact]
    public void Decode_VirtualHostSentUnderAnotherName_IsRefused() =>
        Assert.Contains(Sample.Decode(Sample.Host(), "8080/other").Problems, p => p.FieldPath == "name");

    private static void Break(Route route, string what)
    {
        switch (what)
        {
            case "no action": route.Route_ = null; break;
            case "no path": route.Match.ClearPathSpecifier(); break;
            case "zero weights":
                foreach (var cluster in route.Route_.WeightedClusters.Clusters) cluster.Weight = 0;
                break;
            case "two rewrites":
                route.Route_.PrefixRewrite = "/a";
                route.Route_.RegexRewrite = new RegexMatchAndSubstitute { Pattern = new RegexMatcher { Regex = "a" }, Substitution = "b" };
                break;
            case "unknown retry word": route.Route_.RetryPolicy.RetryOn = "whenever"; break;
            case "bad status": route.DirectResponse = new DirectResponseAction { Status = 99 }; break;
            case "host header": route.RequestHeadersToAdd.Add(Header("Host", "x")); break;
            case "pseudo header": route.RequestHeadersToRemove.Add(":path"); break;
            case "line break": route.RequestHeadersToAdd.Add(Header("x-a", "1\r\nx-b: 2")); break;
            case "negative timeout": route.Route_.Timeout = new() { Seconds = -1 }; break;
            case "runtime fraction": route.Match.RuntimeFraction = new(); break;
            case "per filter config": route.TypedPerFilterConfig["envoy.filters.http.fault"] = new(); break;
            case "empty prefix matcher": route.Match.Headers[0].StringMatch = new StringMatcher { Prefix = "" }; break;
            case "bad regex": route.Match.SafeRegex = new RegexMatcher { Regex = "a(" }; break;
        }
    }

    private static HeaderValueOption Header(string key, string value) => new() { Header = new HeaderValue { Key = key, Value = value } };
}
