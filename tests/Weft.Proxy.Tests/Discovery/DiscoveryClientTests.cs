using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Google.Protobuf.WellKnownTypes;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Proxy.Discovery;
using Weft.Xds;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Proxy.Tests.Discovery;

public sealed class DiscoveryClientTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Start_OverTls_ObtainsACertificateWithTheTokenAndOpensTheStreamWithIt()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: false);
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks);

        client.Start();
        var identity = await sinks.Identities.Reader.ReadAsync(Token());
        var first = await ReadRequestsAsync(plane, XdsTypes.Weft.Count);

        Assert.Equal("Bearer the-token", plane.Script.Tokens.First());
        Assert.Equal("spiffe://cluster.local/ns/grid/sa/web", identity.SpiffeId);
        using var leaf = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(identity.ChainPem.Span), Encoding.ASCII.GetString(identity.KeyPem.Span));
        Assert.True(leaf.HasPrivateKey);
        Assert.Contains("spiffe://cluster.local/ns/grid/sa/web", plane.Script.ClientIds);
        Assert.Equal(XdsTypes.Weft, first.Select(r => r.TypeUrl));
        Assert.Equal("weft", first[0].Node.Metadata.Fields["WEFT_DIALECT"].StringValue);
        Assert.True(client.Status is { HasIdentity: true, IsConnected: true });
    }

    [Fact]
    public async Task OnPush_GoodResources_ArePublishedAndAcknowledged()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: true);
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks, isPlaintext: true);
        client.Start();
        await ReadRequestsAsync(plane, XdsTypes.Weft.Count);

        plane.Script.Send(Routes("digest-1", "8080"));
        var snapshot = await sinks.Snapshots.Reader.ReadAsync(Token());
        var ack = (await ReadRequestsAsync(plane, 1))[0];

        Assert.Equal("digest-1", snapshot.Digest);
        Assert.Equal(1, store.Current.Count(BlockKind.RouteTable));
        Assert.Equal("nonce-digest-1", ack.ResponseNonce);
        Assert.Null(ack.ErrorDetail);
        Assert.True(client.Status is { IsReady: true, Digest: "digest-1", PushesAccepted: 1, LastRejection: "" });
    }

    [Fact]
    public async Task OnPush_BadResource_IsRefusedWithItsPathAndShownInTheStatus()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: true);
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks, isPlaintext: true);
        client.Start();
        await ReadRequestsAsync(plane, XdsTypes.Weft.Count);

        plane.Script.Send(Routes("digest-1", "8080", table => table.RequestHeadersToRemove.Add(":path")));
        var nack = (await ReadRequestsAsync(plane, 1))[0];

        Assert.Equal("RouteConfiguration 8080: request_headers_to_remove[0]: :path cannot be changed", nack.ErrorDetail.Message);
        Assert.Equal(nack.ErrorDetail.Message, client.Status.LastRejection);
        Assert.Equal(1, client.Status.PushesRejected);
    }

    [Fact]
    public async Task Stream_ClosedByTheControlPlane_IsOpenedAgainWithWhatIsHeldAndKeepsServing()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: true);
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks, isPlaintext: true);
        client.Start();
        await ReadRequestsAsync(plane, XdsTypes.Weft.Count);
        plane.Script.Send(Routes("digest-1", "8080"));
        await ReadRequestsAsync(plane, 1);

        plane.Script.CloseStreams();
        var again = await ReadRequestsAsync(plane, XdsTypes.Weft.Count);

        var routes = again.Single(r => r.TypeUrl == XdsTypes.RouteConfiguration);
        Assert.Equal("v-8080", routes.InitialResourceVersions["8080"]);
        Assert.Equal(1, store.Current.Count(BlockKind.RouteTable));
        Assert.Equal("digest-1", client.Status.Digest);
    }

    [Fact]
    public async Task Start_ServerOfAnotherName_IsNotTrustedWithTheToken()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: false, serverName: "impostor.istio-system.svc");
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks);

        client.Start();
        await UntilAsync(() => client.Status.CertificateFailures > 0);

        Assert.Empty(plane.Script.Tokens);
        Assert.StartsWith("certificate:", client.Status.LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_CaThatRefuses_IsAskedAgainAndSaidSo()
    {
        await using var plane = await FixtureControlPlane.StartAsync(isPlaintext: false);
        plane.Script.RefusesCertificates = true;
        var sinks = new Sinks();
        using var store = new SnapshotStore();
        using var client = Client(plane, store, sinks);

        client.Start();
        await UntilAsync(() => client.Status.CertificateFailures > 0);
        Assert.Contains("Unauthenticated", client.Status.LastError, StringComparison.Ordinal);
        plane.Script.RefusesCertificates = false;

        Assert.NotNull(await sinks.Identities.Reader.ReadAsync(Token()));
    }

    [Fact]
    public void Plaintext_ToAnotherMachine_IsRefused()
    {
        using var store = new SnapshotStore();
        Assert.Throws<ArgumentException>(() => new DiscoveryClient(
            new DiscoveryOptions { Address = "10.244.0.1:15010", IsPlaintext = true, NodeId = "n", SpiffeId = "s" }, store, new Sinks(), new Sinks()));
    }

    [Theory]
    [InlineData(1, 0.0, 20)]
    [InlineData(1, 1.0, 520)]
    [InlineData(3, 1.0, 2020)]
    [InlineData(40, 1.0, 30020)]
    public void BackOff_Failures_DoubleUpToTheLongestWait(int failures, double draw, int milliseconds) =>
        Assert.Equal(milliseconds, BackOff.Delay(failures, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30), draw).TotalMilliseconds, 3);

    private static CancellationToken Token() => new CancellationTokenSource(Deadline).Token;

    private static DiscoveryClient Client(FixtureControlPlane plane, SnapshotStore store, Sinks sinks, bool isPlaintext = false) => new(
        new DiscoveryOptions
        {
            Address = plane.Address,
            IsPlaintext = isPlaintext,
            WantsIdentity = !isPlaintext,
            RootCertificateFile = plane.RootFile,
            TokenFile = plane.TokenFile,
            NodeId = "sidecar~10.244.0.7~web-1.grid~grid.svc.cluster.local",
            SpiffeId = "spiffe://cluster.local/ns/grid/sa/web",
            BackOffBase = TimeSpan.FromMilliseconds(10),
        },
        store,
        sinks,
        sinks);

    private static DeltaDiscoveryResponse Routes(string digest, string name, Action<RouteConfiguration>? change = null)
    {
        var table = new RouteConfiguration { Name = name, Vhds = new Vhds { ConfigSource = new ConfigSource { Ads = new AggregatedConfigSource() } } };
        change?.Invoke(table);
        return new DeltaDiscoveryResponse
        {
            SystemVersionInfo = digest,
            TypeUrl = XdsTypes.RouteConfiguration,
            Nonce = "nonce-" + digest,
            Resources = { new Resource { Name = name, Version = "v-" + name, Resource_ = Any.Pack(table) } },
        };
    }

    private static async Task<List<DeltaDiscoveryRequest>> ReadRequestsAsync(FixtureControlPlane plane, int count)
    {
        var requests = new List<DeltaDiscoveryRequest>();
        while (requests.Count < count) requests.Add(await plane.Script.Requests.Reader.ReadAsync(Token()));
        return requests;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var end = Environment.TickCount64 + (long)Deadline.TotalMilliseconds;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < end, "the condition did not come true in time");
            await Task.Yield();
        }
    }

    private sealed class Sinks : ISnapshotSink, IIdentitySink
    {
        public Channel<WorkloadIdentity> Identities { get; } = Channel.CreateUnbounded<WorkloadIdentity>();

        public Channel<MeshSnapshot> Snapshots { get; } = Channel.CreateUnbounded<MeshSnapshot>();

        public void OnIdentity(WorkloadIdentity identity) => Identities.Writer.TryWrite(identity);

        public void OnSnapshot(MeshSnapshot snapshot) => Snapshots.Writer.TryWrite(snapshot);
    }
}
