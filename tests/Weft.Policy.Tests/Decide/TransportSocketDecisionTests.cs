using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;
using Weft.Policy.Trace;

namespace Weft.Policy.Tests.Decide;

public class TransportSocketDecisionTests
{
    [Theory]
    [InlineData("istio", true)]
    [InlineData("disabled", false)]
    [InlineData(null, false)]
    public void Choose_AutoMtls_ByTheEndpointsTlsMode(string? tlsMode, bool isTls)
    {
        EndpointSetConfig set = Grid.Endpoints("c", "10.0.0.1");
        if (tlsMode is not null)
            set.Endpoints[0].SocketMatch.Add(new KeyValuePair<string, string>("tlsMode", tlsMode));

        Assert.Equal(isTls ? 0 : TransportSocketDecision.Plaintext, Choose(Sample.Cluster(), set));
    }

    [Fact]
    public void Choose_PlainTransportSocket_AppliesToEveryEndpoint()
    {
        ClusterConfig cluster = Sample.Cluster();
        cluster.TransportSockets[0].Criteria.Clear();

        Assert.Equal(0, Choose(cluster, Grid.Endpoints("c", "10.0.0.1")));
        Assert.Equal(0, Choose(cluster, null));
    }

    [Fact]
    public void Choose_NothingConfigured_IsPlaintext()
        => Assert.Equal(TransportSocketDecision.Plaintext, Choose(Grid.Eds("c"), Grid.Endpoints("c", "10.0.0.1")));

    [Fact]
    public void MatchesAny_SubjectAltNames_AreAnOr()
    {
        ClusterConfig config = Sample.Cluster();
        config.TransportSockets[0].Tls!.SubjectAltNames.Add(new StringMatchConfig(StringMatchKind.Prefix, "spiffe://td/"));
        BlockImage image = Compiled.Of(config);
        var cluster = new ClusterView(new BlockView(image.Bytes));
        Run names = cluster.Tls(0).SubjectAltNames;

        Assert.True(StringMatch.MatchesAny(cluster.Block, names, "spiffe://cluster.local/ns/grid/sa/forecast"u8));
        Assert.True(StringMatch.MatchesAny(cluster.Block, names, "spiffe://td/ns/x/sa/y"u8));
        Assert.False(StringMatch.MatchesAny(cluster.Block, names, "spiffe://cluster.local/ns/grid/sa/ledger"u8));
    }

    private static int Choose(ClusterConfig config, EndpointSetConfig? endpoints)
    {
        BlockImage cluster = Compiled.Of(config);
        BlockImage? set = endpoints is null ? null : Compiled.Of(endpoints);
        NoTrace none = default;
        return TransportSocketDecision.Choose(
            new ClusterView(new BlockView(cluster.Bytes)), set is null ? default : new EndpointSetView(new BlockView(set.Bytes)), set is null ? -1 : 0, ref none);
    }
}
