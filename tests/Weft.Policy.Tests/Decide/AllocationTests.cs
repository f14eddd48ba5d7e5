using System;
using System.Text;
using Weft.Http;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Regex;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class AllocationTests
{
    [Fact]
    public void WholeOutboundDecision_SteadyState_AllocatesNothing()
    {
        using SnapshotStore store = Mesh();
        using SnapshotReader reader = store.Register();
        HeaderBlock headers = Grid.Headers(("x-request-id", "1"), ("x-canary", "v9"), ("accept", "*/*"));
        var scratch = new RegexScratch();
        byte[] host = Encoding.ASCII.GetBytes("forecast:8080");
        byte[] path = Encoding.ASCII.GetBytes("/v1/day");
        byte[] id = Encoding.ASCII.GetBytes("3f2c1a90-7d4e-4b57-9d0e-1c2b3a4d5e6f");
        var destination = new byte[256];
        for (uint i = 0; i < 50; i++)
            Decide(reader, headers, host, path, id, scratch, destination, i);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (uint i = 0; i < 1000; i++)
            Decide(reader, headers, host, path, id, scratch, destination, i);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>Everything a request and a connection ask for, in the proxy's order.</summary>
    private static void Decide(
        SnapshotReader reader, HeaderBlock headers, byte[] host, byte[] path, byte[] id, RegexScratch scratch, byte[] destination, uint sequence)
    {
        NoTrace trace = default;
        NoLoad load = default;
        MeshSnapshot snapshot = reader.Enter();
        ResourceId capturing = snapshot.Find(BlockKind.Listener, "virtualOutbound"u8);
        var original = new IpPort(IpAddress.FromV4(0x0A600007), 8080);
        ListenerChoice chosen = ListenerDecision.Choose(snapshot, capturing, original, ref trace);
        ListenerView listener = snapshot.Listener(chosen.Listener);
        int chain = FilterChainDecision.Choose(listener, new ConnectionFacts { Destination = original, ApplicationProtocols = "\u0008http/1.1"u8 }, ref trace);
        int http = listener.Chain(chain).TerminalIndex;
        var request = new RequestView { Method = "GET"u8, Scheme = "http"u8, Authority = host, Path = path, Query = "?q"u8, Headers = headers };
        RequestChoice choice = RequestDecision.Decide(snapshot, snapshot.RouteTableOf(chosen.Listener, http), request, id, ref trace);
        if (choice.Outcome != RequestOutcome.Forward)
            throw new InvalidOperationException(choice.Outcome.ToString());
        VirtualHostView virtualHost = snapshot.VirtualHost(choice.VirtualHost);
        TimeoutDecision.Of(virtualHost, choice.RouteIndex, listener.Http(http), ref trace);
        ClusterView cluster = snapshot.Cluster(choice.Cluster);
        EndpointSetView endpoints = snapshot.EndpointsOf(cluster);
        ulong draw = EndpointDecision.DrawFor(snapshot, cluster, id, 0);
        EndpointChoice endpoint = EndpointDecision.Pick(cluster, endpoints, original, draw, sequence, default, ref load, ref trace);
        TransportSocketDecision.Choose(cluster, endpoints, endpoint.Index, ref trace);
        PathRewrite.Apply(virtualHost, choice.RouteIndex, path, scratch, destination, out _);
        foreach (HeaderOp op in HeaderOps.ForRequest(snapshot, choice))
            destination[0] = (byte)op.Name.Length;
        RetryPolicyView retry = virtualHost.RetryPolicy(virtualHost.RetryPolicyIndex(virtualHost.Action(virtualHost.Route(choice.RouteIndex))));
        RetryDecision.Judge(retry, cluster, AttemptResult.Response(503), default, draw, ref trace);
    }

    private static SnapshotStore Mesh()
    {
        var outbound = new ListenerConfig { Name = "virtualOutbound", Address = new IpPort(IpAddress.AnyV4, 15001), UseOriginalDestination = true };
        outbound.FilterChains.Add(new FilterChainConfig { Name = "p", Tcp = new TcpProxyConfig { StatPrefix = "s", Cluster = "PassthroughCluster" } });
        var port = new ListenerConfig { Name = "0.0.0.0_8080", Address = new IpPort(IpAddress.AnyV4, 8080) };
        var chain = new FilterChainConfig { Name = "http", Http = new HttpConnectionManagerConfig { StatPrefix = "s", RouteConfigName = Grid.Table } };
        chain.Match.ApplicationProtocols.Add("http/1.1");
        port.FilterChains.Add(chain);
        VirtualHostConfig host = Sample.VirtualHost();
        host.Routes[0].Forward!.PrefixRewrite = "";
        host.Routes[0].Forward!.RegexRewrite = new RegexRewriteConfig("^/v1(/.*)", "/v2\\1");
        host.Routes[0].QueryParameters[0].Name = "q";
        return Compiled.Store(
            Compiled.Of(outbound),
            Compiled.Of(port),
            Compiled.Of(new RouteTableConfig { Name = Grid.Table, UsesVhds = true, IgnorePortInHostMatching = true }),
            Compiled.Of(host, Grid.Table),
            Compiled.Of(Grid.Eds("a")),
            Compiled.Of(Grid.Eds("b")),
            Compiled.Of(Grid.Endpoints("a", "10.0.0.1", "10.0.0.2")),
            Compiled.Of(Grid.Endpoints("b", "10.0.0.3")));
    }
}
