using System;
using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class EndpointDecisionTests
{
    [Fact]
    public void Pick_RoundRobin_TakesEachInTurn()
    {
        EndpointSetConfig set = Grid.Endpoints("c", "10.0.0.1", "10.0.0.2", "10.0.0.3");

        Assert.Equal([0, 1, 2, 0, 1, 2], Enumerable.Range(0, 6).Select(i => Pick(LoadBalancingPolicy.RoundRobin, set, sequence: (uint)i).Index));
    }

    [Fact]
    public void Pick_RoundRobinWithWeights_GivesEachItsShareOverAFewPicks()
    {
        var set = new EndpointSetConfig { Name = "c" };
        set.Endpoints.AddRange([Grid.Endpoint("10.0.0.1", weight: 1), Grid.Endpoint("10.0.0.2", weight: 3), Grid.Endpoint("10.0.0.3", weight: 6)]);

        int[] counts = Count(1000, i => Pick(LoadBalancingPolicy.RoundRobin, set, sequence: i));

        Assert.InRange(counts[0], 97, 103);
        Assert.InRange(counts[1], 297, 303);
        Assert.InRange(counts[2], 597, 603);
    }

    [Fact]
    public void Pick_LeastRequest_AvoidsTheBusyOne()
    {
        EndpointSetConfig set = Grid.Endpoints("c", "10.0.0.1", "10.0.0.2", "10.0.0.3");

        int[] counts = Count(3000, i => Pick(LoadBalancingPolicy.LeastRequest, set, sequence: i, load: [0, 100, 0]));

        Assert.Equal(0, counts[1]); // it loses against whichever else is drawn
        Assert.InRange(counts[0], 1300, 1700);
    }

    [Fact]
    public void Pick_LeastRequestAllIdle_SpreadsEvenly()
    {
        EndpointSetConfig set = Grid.Endpoints("c", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4");

        Assert.All(Count(8000, i => Pick(LoadBalancingPolicy.LeastRequest, set, sequence: i)), c => Assert.InRange(c, 1800, 2200));
    }

    [Theory]
    [InlineData(EndpointHealth.Unknown, true)]
    [InlineData(EndpointHealth.Healthy, true)]
    [InlineData(EndpointHealth.Degraded, true)]
    [InlineData(EndpointHealth.Unhealthy, false)]
    [InlineData(EndpointHealth.Draining, false)]
    [InlineData(EndpointHealth.Timeout, false)]
    public void Pick_OnlyOneEndpoint_IsUsedWhenReady(EndpointHealth health, bool isReady)
    {
        var set = new EndpointSetConfig { Name = "c" };
        set.Endpoints.Add(Grid.Endpoint("10.0.0.1", health));

        Assert.Equal(isReady ? EndpointOutcome.Endpoint : EndpointOutcome.NoHealthyUpstream, Pick(LoadBalancingPolicy.RoundRobin, set).Outcome);
    }

    [Fact]
    public void Pick_MostNotReady_StillNeverTakesThem()
    {
        var set = new EndpointSetConfig { Name = "c" };
        set.Endpoints.AddRange(
        [
            Grid.Endpoint("10.0.0.1", EndpointHealth.Unhealthy), Grid.Endpoint("10.0.0.2", EndpointHealth.Draining),
            Grid.Endpoint("10.0.0.3", EndpointHealth.Unhealthy), Grid.Endpoint("10.0.0.4"),
        ]);

        // Envoy would panic below 50 % and use all of them.
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal("10.0.0.4:8080", Pick(LoadBalancingPolicy.LeastRequest, set, sequence: (uint)i).Address.ToString()));
    }

    [Fact]
    public void Pick_TriedEndpoints_ArePassedOverWhileAnotherIsReady()
    {
        EndpointSetConfig set = Grid.Endpoints("c", "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5", "10.0.0.6");
        IpPort[] tried = [.. Enumerable.Range(1, 5).Select(i => new IpPort(IpAddress.Parse("10.0.0." + i), 8080))];
        foreach (LoadBalancingPolicy policy in new[] { LoadBalancingPolicy.RoundRobin, LoadBalancingPolicy.LeastRequest, LoadBalancingPolicy.Random })
        {
            for (uint i = 0; i < 50; i++)
            {
                EndpointChoice choice = Pick(policy, set, sequence: i, tried: tried);
                Assert.Equal("10.0.0.6:8080", choice.Address.ToString());
                Assert.False(choice.IsRepeat);
            }
        }
    }

    [Fact]
    public void Pick_EveryEndpointTried_RepeatsOneAndSaysSo()
    {
        EndpointChoice choice = Pick(LoadBalancingPolicy.RoundRobin, Grid.Endpoints("c", "10.0.0.1"), tried: [new IpPort(IpAddress.Parse("10.0.0.1"), 8080)]);

        Assert.Equal(EndpointOutcome.Endpoint, choice.Outcome);
        Assert.True(choice.IsRepeat);
    }

    // healthy of total per priority → share; Envoy's arithmetic with overprovisioning 140 (xds.md C.5).
    [Theory]
    [InlineData("2/2 2/2", 100, 0)]
    [InlineData("5/10 5/5", 70, 30)]
    [InlineData("1/10 5/5", 14, 86)]
    [InlineData("0/2 2/2", 0, 100)]
    [InlineData("1/4 1/4", 50, 50)]
    public void Pick_Priorities_SpillOverAsEnvoy(string health, int first, int second)
    {
        EndpointSetConfig set = Priorities(health);

        int[] counts = Count(4000, i => Pick(LoadBalancingPolicy.Random, set, draw: Draw.Mix(i)), set.Endpoints.Count);
        int split = int.Parse(health.Split('/', ' ')[1], System.Globalization.CultureInfo.InvariantCulture);

        Assert.InRange(counts[..split].Sum(), first * 40 - 170, first * 40 + 170);
        Assert.InRange(counts[split..].Sum(), second * 40 - 170, second * 40 + 170);
    }

    [Fact]
    public void Pick_OriginalDestination_GoesWhereTheConnectionWasMeant()
    {
        var cluster = new ClusterConfig { Name = "p", Type = ClusterType.OriginalDestination, LoadBalancing = LoadBalancingPolicy.ClusterProvided };
        Assert.Equal("10.9.9.9:99", PickIn(cluster).Address.ToString());

        cluster.UpstreamPortOverride = 80;
        Assert.Equal("10.9.9.9:80", PickIn(cluster).Address.ToString());
    }

    [Fact]
    public void Pick_BlackHole_HasNoHealthyUpstream()
        => Assert.Equal(EndpointOutcome.NoHealthyUpstream, PickIn(new ClusterConfig { Name = "BlackHoleCluster", Type = ClusterType.Static }).Outcome);

    [Fact]
    public void Pick_Explained_ListsReadyAndNotReady()
    {
        var set = new EndpointSetConfig { Name = "c" };
        set.Endpoints.AddRange([Grid.Endpoint("10.0.0.1"), Grid.Endpoint("10.0.0.2"), Grid.Endpoint("10.0.0.3", EndpointHealth.Draining)]);
        BlockImage cluster = Compiled.Of(Grid.Eds("c", LoadBalancingPolicy.RoundRobin));
        BlockImage endpoints = Compiled.Of(set);
        var trace = new ExplainTrace();
        NoLoad load = default;

        EndpointDecision.Pick(
            new ClusterView(new BlockView(cluster.Bytes)), new EndpointSetView(new BlockView(endpoints.Bytes)), default, 0, 1, default, ref load, ref trace);

        Assert.Equal([TraceVerdict.Note, TraceVerdict.Taken, TraceVerdict.NotTaken], trace.Steps.Select(s => s.Verdict));
        Assert.Equal("10.0.0.3:8080", trace.Steps[2].Subject);
    }

    private static EndpointSetConfig Priorities(string health)
    {
        var set = new EndpointSetConfig { Name = "c" };
        string[] parts = health.Split(' ');
        for (int p = 0; p < parts.Length; p++)
        {
            int[] numbers = [.. parts[p].Split('/').Select(n => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture))];
            for (int i = 0; i < numbers[1]; i++)
                set.Endpoints.Add(Grid.Endpoint($"10.{p}.0.{i + 1}", i < numbers[0] ? EndpointHealth.Healthy : EndpointHealth.Unhealthy, priority: (uint)p));
        }

        return set;
    }

    private static int[] Count(uint picks, Func<uint, EndpointChoice> pick, int endpoints = 4)
    {
        var counts = new int[endpoints];
        for (uint i = 0; i < picks; i++)
            counts[pick(i).Index]++;
        return counts;
    }

    private static EndpointChoice Pick(
        LoadBalancingPolicy policy, EndpointSetConfig set, ulong draw = 99, uint sequence = 0, IpPort[]? tried = null, int[]? load = null)
    {
        BlockImage endpoints = Compiled.Of(set);
        return Pick(Grid.Eds("c", policy), new EndpointSetView(new BlockView(endpoints.Bytes)), draw, sequence, tried, load);
    }

    private static EndpointChoice PickIn(ClusterConfig config) => Pick(config, default, 0, 0, null, null);

    private static EndpointChoice Pick(ClusterConfig config, EndpointSetView endpoints, ulong draw, uint sequence, IpPort[]? tried, int[]? load)
    {
        BlockImage cluster = Compiled.Of(config);
        var counts = new Load(load);
        NoTrace none = default;
        return EndpointDecision.Pick(
            new ClusterView(new BlockView(cluster.Bytes)), endpoints, new IpPort(IpAddress.Parse("10.9.9.9"), 99), draw, sequence, tried, ref counts, ref none);
    }

    private readonly struct Load(int[]? counts) : IEndpointLoad
    {
        public int ActiveRequests(int endpointIndex) => counts is null ? 0 : counts[endpointIndex];
    }
}
