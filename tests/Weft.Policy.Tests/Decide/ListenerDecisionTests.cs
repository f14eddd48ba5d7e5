using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class ListenerDecisionTests
{
    [Theory]
    [InlineData("10.96.0.7", 6379, "10.96.0.7_6379", ListenerMatch.Exact)]
    [InlineData("10.96.0.8", 8080, "0.0.0.0_8080", ListenerMatch.Wildcard)]
    [InlineData("10.96.0.8", 9999, "virtualOutbound", ListenerMatch.Capturing)]
    [InlineData("10.96.0.8", 15006, "virtualOutbound", ListenerMatch.Capturing)] // never over to the inbound side
    public void Choose_OriginalDestination_ExactThenWildcardThenItself(string ip, int port, string expected, ListenerMatch match)
    {
        using SnapshotStore store = Compiled.Store(
            Listener("virtualOutbound", "0.0.0.0", 15001, useOriginalDestination: true),
            Listener("10.96.0.7_6379", "10.96.0.7", 6379),
            Listener("0.0.0.0_6379", "0.0.0.0", 6379),
            Listener("0.0.0.0_8080", "0.0.0.0", 8080),
            Listener("virtualInbound", "0.0.0.0", 15006, direction: TrafficDirection.Inbound));

        Assert.Equal((expected, match), Choose(store.Current, ip, port));
    }

    [Fact]
    public void Choose_ListenerThatDoesNotUseOriginalDestination_KeepsTheConnection()
    {
        using SnapshotStore store = Compiled.Store(Listener("virtualOutbound", "0.0.0.0", 15001), Listener("0.0.0.0_80", "0.0.0.0", 80));

        Assert.Equal(("virtualOutbound", ListenerMatch.Capturing), Choose(store.Current, "10.0.0.1", 80));
    }

    [Fact]
    public void RunsFilter_PortSwitchedOff_Rests()
    {
        var view = new ListenerView(new BlockView(Compiled.Of(Sample.Listener()).Bytes));

        Assert.True(view.RunsFilter(ListenerFilterKind.HttpInspector, 9090));
        Assert.False(view.RunsFilter(ListenerFilterKind.HttpInspector, 6379));
        Assert.False(view.RunsFilter(ListenerFilterKind.HttpInspector, 8080));
        Assert.False(view.RunsFilter(ListenerFilterKind.TlsInspector, 9090)); // not configured
    }

    private static BlockImage Listener(
        string name, string ip, int port, bool useOriginalDestination = false, TrafficDirection direction = TrafficDirection.Outbound)
    {
        var config = new ListenerConfig
        {
            Name = name,
            Address = new IpPort(IpAddress.Parse(ip), port),
            UseOriginalDestination = useOriginalDestination,
            Direction = direction,
        };
        config.FilterChains.Add(new FilterChainConfig { Name = "c", Tcp = new TcpProxyConfig { StatPrefix = "s", Cluster = "c" } });
        return Compiled.Of(config);
    }

    private static (string Name, ListenerMatch Match) Choose(MeshSnapshot snapshot, string ip, int port)
    {
        NoTrace none = default;
        ListenerChoice choice = ListenerDecision.Choose(
            snapshot, snapshot.Find(BlockKind.Listener, "virtualOutbound"u8), new IpPort(IpAddress.Parse(ip), port), ref none);
        return (Compiled.Text(snapshot.Listener(choice.Listener).Name), choice.Match);
    }
}
