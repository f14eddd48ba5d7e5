using System;
using System.Linq;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class FilterChainDecisionTests
{
    private static readonly string[] IstioAlpn = ["istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2"];
    private static readonly string[] IstioHttp = ["istio-http/1.0", "istio-http/1.1", "istio-h2"];

    // The matrix of xds.md A.1: declared protocol × mode, against every kind of client.
    [Theory]
    [InlineData("HTTP", "PERMISSIVE", "mesh-http", "HCM,TLS")]
    [InlineData("HTTP", "PERMISSIVE", "mesh-tcp", "HCM,TLS")]
    [InlineData("HTTP", "PERMISSIVE", "foreign-tls", "closed")]
    [InlineData("HTTP", "PERMISSIVE", "plain-http", "HCM")]
    [InlineData("HTTP", "STRICT", "mesh-http", "HCM,TLS")]
    [InlineData("HTTP", "STRICT", "foreign-tls", "HCM,TLS")]
    [InlineData("HTTP", "STRICT", "plain-http", "closed")]
    [InlineData("HTTP", "DISABLE", "plain-http", "HCM")]
    [InlineData("HTTP", "DISABLE", "mesh-http", "closed")]
    [InlineData("TCP", "PERMISSIVE", "mesh-tcp", "TCP,TLS")]
    [InlineData("TCP", "PERMISSIVE", "foreign-tls", "TCP")]
    [InlineData("TCP", "PERMISSIVE", "plain-tcp", "TCP")]
    [InlineData("TCP", "STRICT", "mesh-tcp", "TCP,TLS")]
    [InlineData("TCP", "STRICT", "plain-tcp", "closed")]
    [InlineData("TCP", "DISABLE", "plain-tcp", "TCP")]
    [InlineData("TCP", "DISABLE", "mesh-tcp", "closed")]
    [InlineData("AUTO", "PERMISSIVE", "mesh-http", "HCM,TLS")]
    [InlineData("AUTO", "PERMISSIVE", "mesh-tcp", "TCP,TLS")]
    [InlineData("AUTO", "PERMISSIVE", "foreign-tls", "TCP")]
    [InlineData("AUTO", "PERMISSIVE", "plain-http", "HCM")]
    [InlineData("AUTO", "PERMISSIVE", "plain-tcp", "TCP")]
    [InlineData("AUTO", "STRICT", "mesh-http", "HCM,TLS")]
    [InlineData("AUTO", "STRICT", "mesh-tcp", "TCP,TLS")]
    [InlineData("AUTO", "STRICT", "plain-http", "closed")]
    [InlineData("AUTO", "STRICT", "plain-tcp", "closed")]
    [InlineData("AUTO", "DISABLE", "plain-http", "HCM")]
    [InlineData("AUTO", "DISABLE", "plain-tcp", "TCP")]
    [InlineData("AUTO", "DISABLE", "mesh-http", "closed")]
    public void Choose_InboundMatrix_AsIstio(string protocol, string mode, string client, string expected)
    {
        var listener = new ListenerConfig { Name = "virtualInbound" };
        switch (protocol, mode)
        {
            case ("HTTP", "PERMISSIVE"):
                Add(listener, "tls", IstioAlpn, "HCM,TLS");
                Add(listener, "raw_buffer", [], "HCM");
                break;
            case ("HTTP", "STRICT"): Add(listener, "tls", [], "HCM,TLS"); break;
            case ("HTTP", _): Add(listener, "raw_buffer", [], "HCM"); break;
            case ("TCP", "PERMISSIVE"):
                Add(listener, "tls", IstioAlpn, "TCP,TLS");
                Add(listener, "tls", [], "TCP");
                Add(listener, "raw_buffer", [], "TCP");
                break;
            case ("TCP", "STRICT"): Add(listener, "tls", [], "TCP,TLS"); break;
            case ("TCP", _): Add(listener, "raw_buffer", [], "TCP"); break;
            case (_, "PERMISSIVE"):
                Add(listener, "tls", IstioHttp, "HCM,TLS");
                Add(listener, "raw_buffer", ["http/1.1", "h2c"], "HCM");
                Add(listener, "tls", ["istio-peer-exchange", "istio"], "TCP,TLS");
                Add(listener, "raw_buffer", [], "TCP");
                Add(listener, "tls", [], "TCP");
                break;
            case (_, "STRICT"):
                Add(listener, "tls", IstioHttp, "HCM,TLS");
                Add(listener, "tls", [], "TCP,TLS");
                break;
            default:
                Add(listener, "raw_buffer", ["http/1.1", "h2c"], "HCM");
                Add(listener, "raw_buffer", [], "TCP");
                break;
        }

        (string transport, string[] alpn) = client switch
        {
            "mesh-http" => ("tls", new[] { "istio-http/1.1", "istio", "http/1.1" }),
            "mesh-tcp" => ("tls", ["istio-peer-exchange", "istio"]),
            "foreign-tls" => ("tls", ["h2", "http/1.1"]),
            "plain-http" => ("raw_buffer", ["http/1.1"]),
            _ => ("raw_buffer", []),
        };

        Assert.Equal(expected, Choose(listener, transport, alpn));
    }

    [Fact]
    public void Choose_NoBackTracking_APortThatMatchesNeverGivesWay()
    {
        var listener = new ListenerConfig { Name = "l" };
        Add(listener, "raw_buffer", [], "any-port");
        listener.FilterChains[0].Match.DestinationPort = 0;
        Add(listener, "tls", [], "this-port");
        listener.DefaultFilterChain = Chain("default", "");

        // Port 8080 has a chain, for TLS only: plaintext must not fall back to the chain for any port.
        Assert.Equal("default", Choose(listener, "raw_buffer"));
        Assert.Equal("any-port", Choose(listener, "raw_buffer", port: 9090));
    }

    [Theory]
    [InlineData("a.example.com", "exact")]
    [InlineData("A.Example.COM", "exact")]
    [InlineData("b.example.com", "example")]
    [InlineData("x.y.example.com", "example")]
    [InlineData("example.com", "com")]
    [InlineData("", "none")]
    [InlineData("other.org", "none")]
    public void Choose_ServerName_ExactThenLongestSuffixThenNone(string sni, string expected)
    {
        var listener = new ListenerConfig { Name = "l" };
        AddServerName(listener, "*.com", "com");
        AddServerName(listener, "*.example.com", "example");
        AddServerName(listener, "a.example.com", "exact");
        Add(listener, "", [], "none");

        Assert.Equal(expected, Choose(listener, "tls", sni: sni));
    }

    [Theory]
    [InlineData("10.1.2.3", "slash32")]
    [InlineData("10.1.9.9", "slash16")]
    [InlineData("192.168.0.1", "any")]
    public void Choose_DestinationAddress_LongestPrefix(string destination, string expected)
    {
        var listener = new ListenerConfig { Name = "l" };
        AddPrefix(listener, "10.1.0.0", 16, "slash16");
        AddPrefix(listener, "10.1.2.3", 32, "slash32");
        Add(listener, "", [], "any");

        Assert.Equal(expected, Choose(listener, "raw_buffer", destination: destination));
    }

    [Fact]
    public void Choose_SeveralProtocolsKnown_ClientsOrderDecides()
    {
        var listener = new ListenerConfig { Name = "l" };
        Add(listener, "tls", ["istio"], "tcp");
        Add(listener, "tls", ["istio-http/1.1"], "http");

        Assert.Equal("http", Choose(listener, "tls", ["istio-http/1.1", "istio"]));
        Assert.Equal("tcp", Choose(listener, "tls", ["istio", "istio-http/1.1"]));
    }

    [Fact]
    public void Choose_SourceType_LocalBeforeAny()
    {
        var listener = new ListenerConfig { Name = "l" };
        Add(listener, "", [], "any");
        Add(listener, "", [], "local");
        listener.FilterChains[1].Match.SourceType = SourceType.SameIpOrLoopback;

        Assert.Equal("local", Choose(listener, "raw_buffer", source: "127.0.0.1"));
        Assert.Equal("any", Choose(listener, "raw_buffer", source: "10.0.0.9"));
    }

    [Fact]
    public void Choose_MoreThanSixtyFourChains_StillFindsTheRightOne()
    {
        var listener = new ListenerConfig { Name = "l" };
        for (int port = 1; port <= 300; port++)
        {
            Add(listener, "", [], "p" + port);
            listener.FilterChains[^1].Match.DestinationPort = port;
        }

        Assert.All(Enumerable.Range(1, 300), port => Assert.Equal("p" + port, Choose(listener, "raw_buffer", port: port)));
        Assert.Equal("closed", Choose(listener, "raw_buffer", port: 301));
    }

    [Fact]
    public void Choose_Explained_SaysWhatPlaintextMetAtAStrictPort()
    {
        var listener = new ListenerConfig { Name = "l" };
        Add(listener, "tls", [], "strict");
        var trace = new ExplainTrace();
        BlockImage image = Compiled.Of(listener);

        int chosen = FilterChainDecision.Choose(new ListenerView(new BlockView(image.Bytes)), Facts("raw_buffer"), ref trace);

        Assert.Equal(FilterChainDecision.NoChain, chosen);
        Assert.Equal("FilterChain NotTaken: strict: wants transport protocol tls", trace.Steps[0].ToString());
        Assert.Equal(TraceVerdict.Failed, trace.Steps[1].Verdict);
    }

    private static void Add(ListenerConfig listener, string transport, string[] protocols, string outcome)
    {
        FilterChainConfig chain = Chain(outcome, transport);
        chain.Match.DestinationPort = 8080;
        chain.Match.ApplicationProtocols.AddRange(protocols);
        listener.FilterChains.Add(chain);
    }

    private static void AddServerName(ListenerConfig listener, string name, string outcome)
    {
        Add(listener, "tls", [], outcome);
        listener.FilterChains[^1].Match.ServerNames.Add(name);
    }

    private static void AddPrefix(ListenerConfig listener, string network, int length, string outcome)
    {
        Add(listener, "", [], outcome);
        listener.FilterChains[^1].Match.PrefixRanges.Add(new CidrRange(IpAddress.Parse(network), length));
    }

    private static FilterChainConfig Chain(string name, string transport) => new()
    {
        Name = name,
        Match = new FilterChainMatchConfig { TransportProtocol = transport },
        Tls = name.EndsWith(",TLS", StringComparison.Ordinal) ? Sample.MutualTls() : null,
        Tcp = new TcpProxyConfig { StatPrefix = "s", Cluster = "c" },
    };

    private static ConnectionFacts Facts(
        string transport, string[]? protocols = null, string sni = "", int port = 8080, string destination = "10.0.0.1", string source = "10.0.0.2") => new()
        {
            Destination = new IpPort(IpAddress.Parse(destination), port),
            Source = new IpPort(IpAddress.Parse(source), 40000),
            DirectSource = new IpPort(IpAddress.Parse(source), 40000),
            TransportProtocol = Encoding.ASCII.GetBytes(transport),
            ServerName = Encoding.ASCII.GetBytes(sni),
            ApplicationProtocols = (protocols ?? []).SelectMany(p => Encoding.ASCII.GetBytes(p).Prepend((byte)p.Length)).ToArray(),
        };

    private static string Choose(
        ListenerConfig config, string transport, string[]? protocols = null, string sni = "", int port = 8080, string destination = "10.0.0.1", string source = "10.0.0.2")
    {
        BlockImage image = Compiled.Of(config);
        var listener = new ListenerView(new BlockView(image.Bytes));
        NoTrace none = default;
        int chosen = FilterChainDecision.Choose(listener, Facts(transport, protocols, sni, port, destination, source), ref none);
        return chosen < 0 ? "closed" : listener.Block.String(listener.Chain(chosen).Name);
    }
}
