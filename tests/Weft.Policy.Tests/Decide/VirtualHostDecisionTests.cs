using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class VirtualHostDecisionTests
{
    [Theory]
    [InlineData("a.example.com", "exact")]
    [InlineData("b.example.com", "suffix-long")]
    [InlineData("x.b.example.com", "suffix-long")]
    [InlineData("example.com", "suffix-short")]          // *.com matches; *.example.com needs a character
    [InlineData("www.example.org", "prefix-long")]
    [InlineData("www.other", "prefix-short")]
    [InlineData("www.", "any")]                           // www.* needs a character too
    [InlineData("nothing", "any")]
    [InlineData("a.example.com:8080", "exact")]           // the port does not count
    [InlineData("[::1]:8080", "ipv6")]
    public void Match_DomainForms_FollowsEnvoysOrder(string authority, string expected)
    {
        using SnapshotStore store = Grid.WithVhds(
            Host("any", "*"),
            Host("suffix-short", "*.com"),
            Host("suffix-long", "*.example.com"),
            Host("prefix-short", "www.*"),
            Host("prefix-long", "www.example.*"),
            Host("ipv6", "[::1]"),
            Host("exact", "A.Example.Com"));

        Assert.Equal(expected, Match(store.Current, authority));
    }

    [Fact]
    public void Match_InlineVirtualHosts_AreFoundAlike()
    {
        var table = new RouteTableConfig { Name = Grid.Table };
        table.VirtualHosts.Add(Host("suffix", "*.example.com"));
        table.VirtualHosts.Add(Host("exact", "a.example.com"));
        using SnapshotStore store = Compiled.Store(Compiled.Of(table));

        Assert.Equal("exact", Match(store.Current, "a.example.com"));
        Assert.Equal("suffix", Match(store.Current, "b.example.com"));
        Assert.Null(Match(store.Current, "a.example.com:80")); // the port counts unless ignore_port_in_host_matching
    }

    [Fact]
    public void Match_NoVirtualHostClaimsIt_IsNone()
    {
        using SnapshotStore store = Grid.WithVhds(Host("a", "a"));

        Assert.Null(Match(store.Current, "b"));
    }

    [Fact]
    public void Match_DomainClaimedTwice_GoesToTheFirstNameWhateverCameFirst()
    {
        using SnapshotStore store = Grid.WithVhds(Host("b", "shared"));
        store.Publish(Compiled.Update(Compiled.Of(Host("a", "shared"), Grid.Table)), "2");
        using SnapshotStore other = Grid.WithVhds(Host("a", "shared"), Host("b", "shared"));

        Assert.Equal("a", Match(store.Current, "shared"));
        Assert.Equal("a", Match(other.Current, "shared"));
    }

    [Fact]
    public void Match_VirtualHostRemovedOrMoved_IsNoticed()
    {
        using SnapshotStore store = Grid.WithVhds(Host("a", "one"), Host("b", "two"));
        var update = new SnapshotUpdate();
        update.Remove(BlockKind.VirtualHost, Grid.Table + "/a");
        update.Put(Compiled.Of(Host("b", "three"), Grid.Table));

        MeshSnapshot next = store.Publish(update, "2");

        Assert.Null(Match(next, "one"));
        Assert.Null(Match(next, "two"));
        Assert.Equal("b", Match(next, "three"));
    }

    [Fact]
    public void Match_VirtualHostOfAnotherTable_IsNotSeen()
    {
        using SnapshotStore store = Grid.WithVhds(Host("a", "one"));

        MeshSnapshot next = store.Publish(Compiled.Update(Compiled.Of(Host("b", "two"), "808")), "2");

        Assert.Null(Match(next, "two"));
    }

    private static VirtualHostConfig Host(string name, string domain)
    {
        var config = new VirtualHostConfig { Name = name };
        config.Domains.Add(domain);
        config.Routes.Add(Grid.Route("/", "c"));
        return config;
    }

    private static string? Match(MeshSnapshot snapshot, string authority)
    {
        NoTrace none = default;
        VirtualHostRef found = VirtualHostDecision.Match(snapshot, Grid.TableRef(snapshot), Grid.Request(authority), ref none);
        return found.IsNone ? null : Compiled.Text(snapshot.VirtualHost(found).Name);
    }
}
