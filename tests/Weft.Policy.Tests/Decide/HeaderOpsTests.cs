using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class HeaderOpsTests
{
    [Theory]
    [InlineData(false, "WeightedCluster Route VirtualHost RouteTable")]
    [InlineData(true, "RouteTable VirtualHost Route WeightedCluster")]
    public void ForRequest_FourLevels_ComeInEnvoysOrder(bool mostSpecificWins, string expected)
    {
        using SnapshotStore store = Mesh(mostSpecificWins);

        List<string> seen = Walk(store.Current, isResponse: false);

        Assert.Equal(expected, string.Join(' ', seen.FindAll(s => s.EndsWith("=add", StringComparison.Ordinal)).ConvertAll(s => s.Split(' ')[0])));
    }

    [Fact]
    public void ForRequest_OneLevel_RemovesBeforeItAdds()
    {
        using SnapshotStore store = Mesh(false);

        Assert.Equal(
            ["WeightedCluster x-gone removed", "WeightedCluster x-level=add", "Route x-gone removed"],
            Walk(store.Current, isResponse: false)[..3]);
    }

    [Fact]
    public void ForResponse_OnlyResponseOps()
    {
        using SnapshotStore store = Mesh(false);

        Assert.Equal(["Route x-answer=literal"], Walk(store.Current, isResponse: true));
    }

    [Theory]
    [InlineData("%REQ(X-A)%", "a-value")]
    [InlineData("%REQ(X-None?X-A)%", "a-value")]
    [InlineData("%REQ(X-A):3%", "a-v")]
    [InlineData("pre %PROTOCOL% post 100%%", "pre HTTP/1.1 post 100%")]
    [InlineData("%REQ(X-None)%", "")]
    [InlineData("plain", "plain")]
    public void TryFormat_CommandOperators_AreEvaluated(string format, string expected)
    {
        RouteConfig route = Grid.Route("/", "c");
        route.HeaderOps.RequestAdd.Add(new HeaderAddConfig("x", format));
        using SnapshotStore store = Grid.WithVhds(Grid.VirtualHost("h", route));

        Assert.Equal(["Route x=" + expected], Walk(store.Current, isResponse: false));
    }

    private static SnapshotStore Mesh(bool mostSpecificWins)
    {
        RouteConfig route = Grid.Split("/", ("c", 1));
        Fill(route.HeaderOps);
        Fill(route.Forward!.WeightedClusters[0].Headers);
        route.HeaderOps.ResponseAdd.Add(new HeaderAddConfig("x-answer", "literal"));
        VirtualHostConfig host = Grid.VirtualHost("h", route);
        Fill(host.Headers);
        var table = new RouteTableConfig { Name = Grid.Table, UsesVhds = true, MostSpecificHeaderMutationsWins = mostSpecificWins };
        Fill(table.Headers);
        return Compiled.Store(Compiled.Of(table), Compiled.Of(host, Grid.Table), Compiled.Of(Grid.Eds("c")));
    }

    private static void Fill(HeaderOpsConfig ops)
    {
        ops.RequestAdd.Add(new HeaderAddConfig("x-level", "add"));
        ops.RequestRemove.Add("x-gone");
    }

    private static List<string> Walk(MeshSnapshot snapshot, bool isResponse)
    {
        NoTrace none = default;
        RequestChoice choice = RequestDecision.Decide(snapshot, Grid.TableRef(snapshot), Grid.Request("h"), "id"u8, ref none);
        var seen = new List<string>();
        Values values = default;
        var buffer = new byte[200];
        foreach (HeaderOp op in isResponse ? HeaderOps.ForResponse(snapshot, choice) : HeaderOps.ForRequest(snapshot, choice))
        {
            Assert.True(op.TryFormat(ref values, buffer, out int written));
            seen.Add($"{op.Level} {Compiled.Text(op.Name)}{(op.IsRemove ? " removed" : "=" + Compiled.Text(buffer.AsSpan(0, written)))}");
        }

        return seen;
    }

    private struct Values : IFormatValues
    {
        public readonly bool TryWrite(FormatOperator op, ReadOnlySpan<byte> argument, Span<byte> destination, out int written)
        {
            ReadOnlySpan<byte> value = op == FormatOperator.Protocol ? "HTTP/1.1"u8 : argument.SequenceEqual("x-a"u8) ? "a-value"u8 : default;
            written = value.Length;
            return value.TryCopyTo(destination);
        }
    }
}
