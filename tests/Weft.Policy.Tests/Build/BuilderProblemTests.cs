using System;
using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Build;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Build;

public class BuilderProblemTests
{
    [Fact]
    public void Build_SeveralFaults_AreAllReportedWithTheirPaths()
    {
        RouteConfig bad = Grid.Split("/", ("a", 0));
        bad.Headers.Add(new HeaderMatcherConfig { Name = "x", Value = new StringMatchConfig(StringMatchKind.SafeRegex, "(") });
        bad.HeaderOps.RequestAdd.Add(new HeaderAddConfig("x y", "v"));
        bad.HeaderOps.RequestAdd.Add(new HeaderAddConfig("x", "%NOPE%"));
        bad.Headers.Add(new HeaderMatcherConfig { Name = ":path", Kind = HeaderMatchKind.Present });
        VirtualHostConfig host = Grid.VirtualHost("h", bad, new RouteConfig());
        host.Headers.ResponseRemove.Add("host");

        Assert.Equal(
            [
                "routes[0].match.headers[0].string_match.safe_regex.regex",
                "routes[0].match.headers[1].name",
                "routes[0].request_headers_to_add[0].header.key",
                "routes[0].request_headers_to_add[1].header.value",
                "routes[0].route.weighted_clusters",
                "routes[1]",
                "response_headers_to_remove[0]",
            ],
            Problems(p => VirtualHostBlockBuilder.Build(host, "t/h", p)));
    }

    [Fact]
    public void Build_InlineRoutesOfAChain_ReportUnderTheChain()
    {
        ListenerConfig listener = Sample.Listener();
        listener.FilterChains[0].Http!.InlineRoutes!.VirtualHosts[0].Routes[0].Forward!.Cluster = "";

        Assert.Equal(
            ["filter_chains[0].filters[0].typed_config.route_config.virtual_hosts[0].routes[0].route"],
            Problems(p => ListenerBlockBuilder.Build(listener, p)));
    }

    [Theory]
    [InlineData("f*.com")]
    [InlineData("*foo.com")]
    [InlineData("*")]
    public void Build_PartialWildcardServerName_IsRefused(string name)
    {
        ListenerConfig listener = Sample.Listener();
        listener.FilterChains[0].Match.ServerNames.Add(name);

        Assert.Equal(["filter_chains[0].filter_chain_match.server_names[0]"], Problems(p => ListenerBlockBuilder.Build(listener, p)));
    }

    [Fact]
    public void Build_TwoChainsWithTheSameMatch_AreRefused()
    {
        ListenerConfig listener = Sample.Listener();
        listener.FilterChains[1].Match = listener.FilterChains[0].Match;

        Assert.Equal(["filter_chains[1].filter_chain_match"], Problems(p => ListenerBlockBuilder.Build(listener, p)));
    }

    [Fact]
    public void Build_DomainClaimedTwiceInOneTable_IsRefused()
    {
        var table = new RouteTableConfig { Name = "t" };
        table.VirtualHosts.Add(Grid.VirtualHost("a", Grid.Route("/", "c")));
        table.VirtualHosts.Add(Grid.VirtualHost("b", Grid.Route("/", "c")));
        table.VirtualHosts[1].Domains.Add("A");

        Assert.Equal(["virtual_hosts[1].domains[1]"], Problems(p => RouteTableBlockBuilder.Build(table, p)));
    }

    [Fact]
    public void Build_PrivateKeyInASecret_IsRefused()
    {
        var secret = new SecretConfig { Name = "default", Kind = SecretKind.TlsCertificate, Pem = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n" };

        Assert.Equal(["tls_certificate.certificate_chain"], Problems(p => SecretBlockBuilder.Build(secret, p)));
    }

    [Fact]
    public void Build_PriorityGapAndZeroWeight_AreRefused()
    {
        var set = new EndpointSetConfig { Name = "c" };
        set.Endpoints.AddRange([Grid.Endpoint("10.0.0.1", weight: 0), Grid.Endpoint("10.0.0.2", priority: 2)]);

        Assert.Equal(["endpoints.lb_endpoints.load_balancing_weight", "endpoints.priority"], Problems(p => EndpointSetBlockBuilder.Build(set, p)));
    }

    [Fact]
    public void Build_HashPolicyBalancer_IsRefusedNotIgnored()
        => Assert.Equal(["lb_policy"], Problems(p => ClusterBlockBuilder.Build(Grid.Eds("c", LoadBalancingPolicy.RingHash), p)));

    [Theory]
    [InlineData("5xx,connect-failure", "")]
    [InlineData("5xx,nonsense", "nonsense")]
    public void TryParse_RetryOn_NamesTheUnknownWord(string words, string unknown)
    {
        Assert.Equal(unknown.Length == 0, RetryOnNames.TryParse(words, out RetryOn flags, out string found));
        Assert.Equal(unknown, found);
        Assert.True(flags.HasFlag(RetryOn.ServerError));
    }

    private static string[] Problems(Func<ConfigProblems, BlockImage?> build)
    {
        var problems = new ConfigProblems();
        Assert.Null(build(problems));
        return [.. problems.Items.Select(p => p.FieldPath)];
    }
}
