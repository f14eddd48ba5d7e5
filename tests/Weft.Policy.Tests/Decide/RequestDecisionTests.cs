using System;
using System.Linq;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class RequestDecisionTests
{
    [Fact]
    public void Decide_Split9010_GivesThatShareAndTheSameAnswerOffline()
    {
        using SnapshotStore proxy = Split();
        using SnapshotStore explain = Split();
        int canary = 0;
        for (int i = 0; i < 2000; i++)
        {
            byte[] id = Encoding.ASCII.GetBytes(Guid.CreateVersion7().ToString());
            string there = Cluster(proxy.Current, id);
            Assert.Equal(there, Cluster(explain.Current, id));
            canary += there == "v2" ? 1 : 0;
        }

        Assert.InRange(canary, 200 - 67, 200 + 67); // five sigma of 2,000 × 10 %
    }

    [Fact]
    public void Decide_WeightZero_IsNeverPicked()
    {
        using SnapshotStore store = Compiled.Store([.. Vhds(Grid.Split("/", ("v1", 1), ("v2", 0))), Compiled.Of(Grid.Eds("v1")), Compiled.Of(Grid.Eds("v2"))]);

        Assert.All(Enumerable.Range(0, 500), i => Assert.Equal("v1", Cluster(store.Current, BitConverter.GetBytes(i))));
    }

    [Fact]
    public void Decide_RouteBeforeItWasInserted_KeepsTheDrawsOfANamedRoute()
    {
        // Inserting a route must not reshuffle which users see the canary of another.
        RouteConfig split = Grid.Split("/", ("v1", 50), ("v2", 50));
        split.Name = "split";
        using SnapshotStore before = Compiled.Store([.. Vhds(split), Compiled.Of(Grid.Eds("v1")), Compiled.Of(Grid.Eds("v2"))]);
        using SnapshotStore after = Compiled.Store([.. Vhds(Grid.Route("/new", "v1"), split), Compiled.Of(Grid.Eds("v1")), Compiled.Of(Grid.Eds("v2"))]);

        Assert.All(Enumerable.Range(0, 300), i => Assert.Equal(Cluster(before.Current, BitConverter.GetBytes(i)), Cluster(after.Current, BitConverter.GetBytes(i))));
    }

    [Theory]
    [InlineData("forecast", "/a", RequestOutcome.Forward)]
    [InlineData("forecast", "/gone", RequestOutcome.ClusterNotFound)]
    [InlineData("forecast", "/moved", RequestOutcome.Redirect)]
    [InlineData("forecast", "/no", RequestOutcome.DirectResponse)]
    [InlineData("forecast", "/else", RequestOutcome.NoRoute)]
    [InlineData("unknown", "/a", RequestOutcome.NoVirtualHost)]
    public void Decide_EveryOutcome_IsNamed(string host, string path, RequestOutcome expected)
    {
        using SnapshotStore store = Compiled.Store([.. Vhds(
            Grid.Route("/a", "v1"),
            Grid.Route("/gone", "nowhere"),
            new RouteConfig { Path = "/moved", Redirect = new RedirectConfig { PathRedirect = "/a" } },
            new RouteConfig { Path = "/no", DirectResponse = new DirectResponseConfig { Status = 404 } }), Compiled.Of(Grid.Eds("v1"))]);
        NoTrace none = default;

        Assert.Equal(expected, RequestDecision.Decide(store.Current, Grid.TableRef(store.Current), Grid.Request(host, path), "id"u8, ref none).Outcome);
    }

    [Fact]
    public void Decide_RouteTableHasNotArrived_SaysSo()
    {
        using var store = new SnapshotStore();
        NoTrace none = default;

        Assert.Equal(
            RequestOutcome.RouteConfigurationNotFound,
            RequestDecision.Decide(store.Current, RouteTableRef.None, Grid.Request("h"), "id"u8, ref none).Outcome);
    }

    [Theory]
    [InlineData("http", RequestOutcome.TlsRequired)]
    [InlineData("https", RequestOutcome.Forward)]
    public void Decide_VirtualHostRequiresTls_RedirectsPlaintext(string scheme, RequestOutcome expected)
    {
        VirtualHostConfig host = Grid.VirtualHost("forecast", Grid.Route("/", "v1"));
        host.RequireTls = TlsRequirement.All;
        using SnapshotStore store = Grid.WithVhds(host);
        store.Publish(Compiled.Update(Compiled.Of(Grid.Eds("v1"))), "2");
        NoTrace none = default;
        var request = new RequestView { Method = "GET"u8, Scheme = Encoding.ASCII.GetBytes(scheme), Authority = "forecast"u8, Path = "/"u8 };

        Assert.Equal(expected, RequestDecision.Decide(store.Current, Grid.TableRef(store.Current), request, "id"u8, ref none).Outcome);
    }

    [Fact]
    public void Decide_InlineRoutesOfAListener_WorkLikeRds()
    {
        using SnapshotStore store = Compiled.Store(Compiled.Of(Sample.Listener()), Compiled.Of(Grid.Eds("inbound|8080||")));
        MeshSnapshot snapshot = store.Current;
        ResourceId listener = snapshot.Find(BlockKind.Listener, "virtualInbound"u8);
        RouteTableRef table = snapshot.RouteTableOf(listener, snapshot.Listener(listener).Chain(0).TerminalIndex);
        NoTrace none = default;

        RequestChoice choice = RequestDecision.Decide(snapshot, table, Grid.Request("anything:8080"), "id"u8, ref none);

        Assert.Equal(RequestOutcome.Forward, choice.Outcome);
        Assert.Equal("inbound|8080||", Compiled.Text(snapshot.Cluster(choice.Cluster).Name));
    }

    [Fact]
    public void Decide_Explained_TellsTheWholeWayInOrder()
    {
        using SnapshotStore store = Split();
        var trace = new ExplainTrace();

        RequestDecision.Decide(store.Current, Grid.TableRef(store.Current), Grid.Request("forecast", "/day"), "id"u8, ref trace);

        Assert.Equal(
            [DecisionStage.VirtualHost, DecisionStage.Route, DecisionStage.WeightedCluster, DecisionStage.WeightedCluster, DecisionStage.Cluster],
            trace.Steps.Select(s => s.Stage));
        Assert.Single(trace.Steps, s => s.Stage == DecisionStage.WeightedCluster && s.Verdict == TraceVerdict.Taken);
    }

    [Fact]
    public void Decide_Explained_NamesRewritesHeadersAndWeightsWithTheirFields()
    {
        using SnapshotStore store = Compiled.Store(
            Compiled.Of(new RouteTableConfig { Name = Grid.Table, UsesVhds = true }),
            Compiled.Of(Effects(), Grid.Table),
            Compiled.Of(Grid.Eds("a")));
        var trace = new ExplainTrace();

        RequestDecision.Decide(store.Current, Grid.TableRef(store.Current), Grid.Request("h", "/v1/x"), "id"u8, ref trace);

        Assert.Equal("what matched becomes '/v2'", Assert.Single(trace.Steps, s => s.Stage == DecisionStage.Rewrite).Detail);
        Assert.Equal("+x-a, response -server", Assert.Single(trace.Steps, s => s.Stage == DecisionStage.HeaderOperation).Detail);
        TraceStep weight = Assert.Single(trace.Steps, s => s.Stage == DecisionStage.WeightedCluster);
        Assert.Equal("spec.http[0].route[0].weight", Assert.Single(weight.Origins).FieldPath);
    }

    private static VirtualHostConfig Effects()
    {
        RouteConfig route = Grid.Split("/v1", ("a", 1));
        route.Forward!.PrefixRewrite = "/v2";
        route.HeaderOps.RequestAdd.Add(new HeaderAddConfig("x-a", "1"));
        route.HeaderOps.ResponseRemove.Add("server");
        route.Origins.Add(new Origin("", "VirtualService", "grid", "h", "spec.http[0]"));
        route.Origins.Add(new Origin("weight[0]", "VirtualService", "grid", "h", "spec.http[0].route[0].weight"));
        return Grid.VirtualHost("h", route);
    }

    private static SnapshotStore Split()
        => Compiled.Store([.. Vhds(Grid.Split("/", ("v1", 90), ("v2", 10))), Compiled.Of(Grid.Eds("v1")), Compiled.Of(Grid.Eds("v2"))]);

    private static BlockImage[] Vhds(params RouteConfig[] routes) =>
    [
        Compiled.Of(new RouteTableConfig { Name = Grid.Table, UsesVhds = true, IgnorePortInHostMatching = true }),
        Compiled.Of(Grid.VirtualHost("forecast", routes), Grid.Table),
    ];

    private static string Cluster(MeshSnapshot snapshot, ReadOnlySpan<byte> requestId)
    {
        NoTrace none = default;
        RequestChoice choice = RequestDecision.Decide(snapshot, Grid.TableRef(snapshot), Grid.Request("forecast", "/day"), requestId, ref none);
        return Compiled.Text(snapshot.Cluster(choice.Cluster).Name);
    }
}
