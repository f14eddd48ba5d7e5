using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Grpc.Core;
using Weft.Config;
using Weft.Control.Derivation;
using Weft.Control.Tests;
using Weft.Serving.Discovery;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Tests;

public sealed class DiscoveryServiceTests
{
    private const string OneEndpoint = """
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: forecast-a, namespace: grid, labels: {kubernetes.io/service-name: forecast}}
        addressType: IPv4
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints:
        - {addresses: [10.1.0.2], targetRef: {kind: Pod, name: forecast-1, namespace: grid}, conditions: {ready: true}}
        """;

    [Fact]
    public async Task Stream_FirstSubscription_GetsOnePushInOrderAndOnlyTheLastHasTheBareDigest()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));

        List<DeltaDiscoveryResponse> push = await proxy.TakePushAsync();

        Assert.Equal(XdsTypes.PushOrder, push.Select(r => r.TypeUrl).Distinct());
        string digest = push[^1].SystemVersionInfo;
        Assert.Equal(32, digest.Length);
        Assert.All(push.SkipLast(1), r => Assert.Equal(digest + "+", r.SystemVersionInfo));
        Assert.Equal(push.Count, push.Select(r => r.Nonce).Distinct().Count());
        await server.UntilAsync(() => Status(server).IsConverged);
        Assert.Equal(digest, Status(server).AckedDigest);
        Assert.All(Status(server).Types, t => Assert.Equal("SYNCED", t.Word));
    }

    [Fact]
    public async Task Stream_SentButNotAnswered_IsStale()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));

        await proxy.ReadPushAsync();

        Assert.All(Status(server).Types, t => Assert.Equal("STALE", t.Word));
        Assert.Equal("", Status(server).AckedDigest);
    }

    [Fact]
    public async Task Stream_Rejected_IsErrorWithItsTextAndNotRepeatedUntilSomethingChanges()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        List<DeltaDiscoveryResponse> first = await proxy.ReadPushAsync();
        DeltaDiscoveryResponse listeners = first.First(r => r.TypeUrl == XdsTypes.Listener);

        await proxy.AcknowledgeAsync(first.Where(r => r != listeners));
        await proxy.SendAsync(new DeltaDiscoveryRequest
        {
            TypeUrl = listeners.TypeUrl,
            ResponseNonce = listeners.Nonce,
            ErrorDetail = new Xds.Proto.Rpc.Status { Code = 3, Message = "Listener virtualInbound: filter_chains[0]: no" },
        });
        await server.UntilAsync(() => Status(server).Types.Any(t => t.Status == SyncStatus.Error));
        TypeStatus lds = Status(server).Types.Single(t => t.TypeUrl == XdsTypes.Listener);
        Assert.Equal(("ERROR", "Listener virtualInbound: filter_chains[0]: no"), (lds.Word, lds.Error));
        Assert.False(Status(server).IsConverged);
        Assert.Equal(1, Status(server).Pushes);

        // What was rejected comes again with the next change, because nobody knows how much of it was kept.
        server.Source.Say(OneEndpoint);
        List<DeltaDiscoveryResponse> second = await proxy.TakePushAsync();
        Assert.Contains(second.SelectMany(r => r.Resources), r => r.Name == "virtualInbound");
        await server.UntilAsync(() => Status(server).IsConverged);
        Assert.All(Status(server).Types, t => Assert.Equal("SYNCED", t.Word));
    }

    [Fact]
    public async Task Stream_EndpointChange_SendsOneAssignmentAndNothingElse()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();

        server.Source.Say(OneEndpoint);
        DeltaDiscoveryResponse change = Assert.Single(await proxy.TakePushAsync());

        Assert.Equal(XdsTypes.Endpoints, change.TypeUrl);
        Assert.Equal("outbound|8080||forecast.grid.svc.cluster.local", Assert.Single(change.Resources).Name);
    }

    [Fact]
    public async Task Stream_CommentOrSameObjectAgain_SendsNothing()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();
        string digest = server.Publisher.Current!.State.Digest;

        long revision = server.Source.Say("# a new line\n" + Yaml.Grid);
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);
        server.Source.Say(OneEndpoint);
        await proxy.TakePushAsync();

        Assert.NotEqual(digest, server.Publisher.Current!.State.Digest);
        Assert.Equal(2, Status(server).Pushes);
    }

    [Fact]
    public async Task Stream_ReconnectWithEverything_GetsNothingAndIsSynced()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        Dictionary<string, Dictionary<string, string>> held;
        using (var first = new TestProxy(server.Plaintext()))
        {
            await first.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
            await first.TakePushAsync();
            held = first.Held;
        }

        await server.UntilAsync(() => server.Server.Registry.Count == 0);
        using var again = new TestProxy(server.Plaintext());
        await again.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"), held);

        await server.UntilAsync(() => server.Server.Registry.Count == 1 && Status(server).IsConverged);
        Assert.Equal(0, Status(server).Pushes);
        Assert.All(Status(server).Types, t => Assert.Equal("SYNCED", t.Word));
    }

    [Fact]
    public async Task Stream_ReconnectAfterChange_GetsTheDifferenceAndTheRemovals()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        Dictionary<string, Dictionary<string, string>> held;
        using (var first = new TestProxy(server.Plaintext()))
        {
            await first.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
            await first.TakePushAsync();
            held = first.Held;
        }

        long revision = server.Source.Delete(new ObjectKey("", "Service", "grid", "forecast"));
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision && server.Publisher.Current.Mesh.Model.Services.Length == 1);
        using var again = new TestProxy(server.Plaintext());
        await again.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"), held);
        List<DeltaDiscoveryResponse> push = await again.TakePushAsync();

        Assert.Contains("outbound|8080||forecast.grid.svc.cluster.local", push.Single(r => r.TypeUrl == XdsTypes.Cluster).RemovedResources);
        Assert.Empty(push.Single(r => r.TypeUrl == XdsTypes.Cluster).Resources);
    }

    [Fact]
    public async Task Stream_ChangesWhileAPushIsOutstanding_AreMergedIntoOne()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        List<DeltaDiscoveryResponse> first = await proxy.ReadPushAsync();

        long revision = 0;
        for (int i = 0; i < 10; i++)
        {
            revision = server.Source.Say(i % 2 == 0 ? OneEndpoint : OneEndpoint.Replace("10.1.0.2", "10.1.0.9", StringComparison.Ordinal));
        }

        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);
        Assert.Equal(1, Status(server).Pushes);
        await proxy.AcknowledgeAsync(first);
        await proxy.TakePushAsync();
        await server.UntilAsync(() => Status(server).IsConverged);
        Assert.Equal(2, Status(server).Pushes);
    }

    [Fact]
    public async Task Stream_TwoReplicas_AreSentTheSameBytes()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var one = new TestProxy(server.Plaintext());
        using var two = new TestProxy(server.Plaintext());
        await one.SubscribeAsync(TestProxy.Node("forecast-1", "grid", "forecast"));
        await two.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));

        Dictionary<string, string> left = (await one.TakePushAsync()).SelectMany(r => r.Resources).ToDictionary(r => r.Resource_.TypeUrl + r.Name, r => r.Version);
        Dictionary<string, string> right = (await two.TakePushAsync()).SelectMany(r => r.Resources).ToDictionary(r => r.Resource_.TypeUrl + r.Name, r => r.Version);

        string[] different = [.. left.Keys.Union(right.Keys).Where(k => left.GetValueOrDefault(k) != right.GetValueOrDefault(k))];
        Assert.All(different, k => Assert.True(k.Contains("nbound", StringComparison.Ordinal), k));
    }

    [Fact]
    public async Task Stream_SlowProxy_DelaysNobodyElse()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var slow = new TestProxy(server.Plaintext());
        await slow.SubscribeAsync(TestProxy.Node("forecast-1", "grid", "forecast"));
        using var quick = new TestProxy(server.Plaintext());
        await quick.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await quick.TakePushAsync();

        server.Source.Say(OneEndpoint);
        Assert.Single(await quick.TakePushAsync());
    }

    [Fact]
    public async Task Stream_BeforeTheSourcesHaveSynced_IsUnavailable()
    {
        await using TestServer server = await TestServer.StartAsync();
        server.Source.Say(Yaml.Grid, isSynced: false);
        server.Run();
        using var proxy = new TestProxy(server.Plaintext());

        Assert.Equal(StatusCode.Unavailable, await proxy.ReadStatusAsync());
    }

    [Fact]
    public async Task Stream_NodeThatCannotBeRead_IsInvalidArgument()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SendAsync(new DeltaDiscoveryRequest { TypeUrl = XdsTypes.Cluster });

        Assert.Equal(StatusCode.InvalidArgument, await proxy.ReadStatusAsync());
    }

    [Fact]
    public async Task StateOfTheWorld_IsUnimplemented()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var channel = server.Plaintext();
        using AsyncDuplexStreamingCall<DiscoveryRequest, DiscoveryResponse> call =
            new AggregatedDiscoveryService.AggregatedDiscoveryServiceClient(channel).StreamAggregatedResources();

        RpcException exception = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    private static ConnectionStatus Status(TestServer server) => Assert.Single(server.Server.Registry.Statuses);
}
