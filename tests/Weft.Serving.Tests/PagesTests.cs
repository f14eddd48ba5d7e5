using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Control.Tests;
using Weft.Policy.Snapshot;
using Weft.Xds.Delta;
using Weft.Xds.Proto.Service.Discovery.V3;
using Weft.Xds.Proto.WeftV1;

namespace Weft.Serving.Tests;

/// <summary>The pages that the command line and weft up read.</summary>
public sealed class PagesTests
{
    private const string Broken = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: forecast, namespace: grid, annotations: {weft.dev/source: routing.yaml, weft.dev/source-map: '{"spec.http":[7,3]}'}}
        spec: {hosts: [forecast], http: [{timeout: soon, route: [{destination: {host: forecast}}]}]}
        """;

    [Fact]
    public async Task DebugSocket_IsForItsOwnerOnly()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(server.DebugSocket));
    }

    [Fact]
    public async Task Syncz_ConnectedProxy_HasDigestsPushesAndTypes()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();
        await server.UntilAsync(() => server.Server.Registry.Statuses.All(s => s.IsConverged));

        JsonElement page = await GetAsync(server, "/debug/syncz");

        JsonElement one = Assert.Single(page.GetProperty("proxies").EnumerateArray());
        Assert.Equal("web-1.grid", one.GetProperty("proxy").GetString());
        Assert.Equal(one.GetProperty("digestSent").GetString(), one.GetProperty("digestAcked").GetString());
        Assert.Equal(1, one.GetProperty("pushes").GetInt32());
        Assert.Equal("SYNCED", one.GetProperty("types").GetProperty("VHDS").GetProperty("status").GetString());
        Assert.Equal(server.Publisher.Current!.State.Digest, page.GetProperty("acceptedDigest").GetString());
    }

    [Fact]
    public async Task Digest_RefusedObject_IsListedWithItsPlaceAndWhetherAnOlderOneServes()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        long revision = server.Source.Say(Broken);
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);

        JsonElement page = await GetAsync(server, "/debug/digest");

        JsonElement refused = Assert.Single(page.GetProperty("refused").EnumerateArray());
        Assert.Equal("VirtualService", refused.GetProperty("kind").GetString());
        Assert.Equal("routing.yaml", refused.GetProperty("file").GetString());
        Assert.Equal(7, refused.GetProperty("line").GetInt32());
        Assert.False(refused.GetProperty("servedFromLastGood").GetBoolean());
    }

    [Fact]
    public async Task Digest_FileOfAnObjectInForceIsBroken_IsListedWithTheFilesPlaceAndMovesNoDigest()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Join(Yaml.Grid, Good("[3,3]")));
        string before = server.Publisher.Current!.State.Digest;
        long revision = server.Source.Say(Good("[3,3]").Replace(
            "weft.dev/source: routing.yaml", "weft.dev/source: routing.yaml, weft.dev/source-error: 'grid/routing.yaml:9:7: error: VirtualService grid/forecast: spec.http: no [invalid-value]'", StringComparison.Ordinal));
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);

        JsonElement page = await GetAsync(server, "/debug/digest");

        JsonElement refused = Assert.Single(page.GetProperty("refused").EnumerateArray());
        Assert.Equal(("grid/routing.yaml", 9, 7), (refused.GetProperty("file").GetString(), refused.GetProperty("line").GetInt32(), refused.GetProperty("column").GetInt32()));
        Assert.True(refused.GetProperty("servedFromLastGood").GetBoolean());
        Assert.Equal(before, page.GetProperty("acceptedDigest").GetString());
    }

    [Fact]
    public async Task Wait_UntilEveryProxyHasAccepted_AnswersOnlyThen()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();
        long revision = server.Source.Delete(new ObjectKey("", "Pod", "grid", "forecast-1"));
        List<DeltaDiscoveryResponse> push = await proxy.ReadPushAsync();
        using HttpClient client = server.Debug();

        using HttpResponseMessage early = await client.GetAsync($"/debug/wait?resourceVersion={revision}&timeout=0.05", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.GatewayTimeout, early.StatusCode);
        Assert.Contains("web-1.grid", await early.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        Task<HttpResponseMessage> waiting = client.GetAsync($"/debug/wait?resourceVersion={revision}&timeout=15", TestContext.Current.CancellationToken);
        await proxy.AcknowledgeAsync(push);
        using HttpResponseMessage done = await waiting;
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task Wait_RefusedObject_IsAConflictThoughProxiesHaveConverged()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        long revision = server.Source.Say(Broken);
        using HttpClient client = server.Debug();

        using HttpResponseMessage answer = await client.GetAsync($"/debug/wait?resourceVersion={revision}&timeout=10", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("\"converged\": true", text, StringComparison.Ordinal);
        Assert.Contains("\"name\": \"forecast\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resources_UnconnectedPod_IsExactlyWhatItWouldBeSent()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using HttpClient client = server.Debug();
        byte[] bytes = await client.GetByteArrayAsync("/debug/resources?proxy=web-1.grid", TestContext.Current.CancellationToken);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        List<DeltaDiscoveryResponse> push = await proxy.TakePushAsync();

        ProxyResources resources = ProxyResources.Parser.ParseFrom(bytes);

        Assert.Equal(push[^1].SystemVersionInfo, resources.Digest);
        Assert.Equal(push.SelectMany(r => r.Resources), resources.Responses.SelectMany(r => r.Resources));
        Assert.Empty(ProxyResourcesLoader.Load(bytes, new SnapshotStore()));
    }

    [Fact]
    public async Task Provenance_CommentMovesLines_DigestStays()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        long revision = server.Source.Say(Good("[3,3]"));
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);
        string before = (await GetAsync(server, "/debug/provenance")).GetProperty("digest").GetString()!;
        revision = server.Source.Say(Good("[4,3]"));
        await server.UntilAsync(() => server.Publisher.Current!.SourceRevision >= revision);

        JsonElement page = await GetAsync(server, "/debug/provenance?digest=" + before);

        JsonElement place = page.GetProperty("objects").GetProperty("VirtualService/grid/forecast").GetProperty("fields").GetProperty("spec.hosts");
        Assert.Equal([4, 3], place.EnumerateArray().Select(v => v.GetInt32()));
    }

    [Fact]
    public async Task T84_Dumps_HoldNoKeysAndNoTokens()
    {
        const string secret = """
            apiVersion: v1
            kind: Secret
            metadata: {name: tls, namespace: grid}
            stringData: {tls.key: PLANTED-KEY}
            """;
        await using TestServer server = await TestServer.StartAsync(Yaml.Join(Yaml.Grid, secret));
        string token = server.Token("grid", "web", "istio-ca");
        using var proxy = new TestProxy(server.Secure(), TestServer.Bearer(token));
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();
        using HttpClient client = server.Debug();

        foreach (string path in (string[])["/debug/syncz", "/debug/digest", "/debug/diagnostics", "/debug/provenance", "/debug/resources?proxy=web-1.grid", "/metrics"])
        {
            string text = await client.GetStringAsync(path, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("PLANTED-KEY", text, StringComparison.Ordinal);
            Assert.DoesNotContain("PRIVATE KEY", text, StringComparison.Ordinal);
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Metrics_PushesAndRejections_Move()
    {
        await using TestServer server = await TestServer.StartAsync(Yaml.Grid);
        using var proxy = new TestProxy(server.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        List<DeltaDiscoveryResponse> push = await proxy.ReadPushAsync();
        await proxy.AcknowledgeAsync(push.Skip(1));
        await proxy.SendAsync(new DeltaDiscoveryRequest { TypeUrl = push[0].TypeUrl, ResponseNonce = push[0].Nonce, ErrorDetail = new Xds.Proto.Rpc.Status { Code = 3, Message = "no" } });
        await server.UntilAsync(() => server.Server.Registry.Statuses.Any(s => s.Types.Any(t => t.Word == "ERROR")));
        using HttpClient client = server.Debug();

        string text = await client.GetStringAsync("/metrics", TestContext.Current.CancellationToken);

        Assert.Contains("pilot_xds_pushes{type=\"cds\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("pilot_total_xds_rejects{type=\"cds\"} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("pilot_xds 1\n", text, StringComparison.Ordinal);
    }

    private static string Good(string place) => $$$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: forecast, namespace: grid, annotations: {weft.dev/source: routing.yaml, weft.dev/source-map: '{"spec.hosts":{{{place}}}}'}}
        spec: {hosts: [forecast], http: [{route: [{destination: {host: forecast}}]}]}
        """;

    private static async Task<JsonElement> GetAsync(TestServer server, string path)
    {
        using HttpClient client = server.Debug();
        using JsonDocument document = JsonDocument.Parse(await client.GetStringAsync(path, TestContext.Current.CancellationToken));
        return document.RootElement.Clone();
    }
}
