using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Net.Client;
using Weft.Config;
using Weft.Control.Derivation;
using Weft.Control.Tests;
using Weft.Serving.Tests;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.ControlHost.Tests;

/// <summary>The whole of weftd against the API that weft up serves: list, watch, journal, push.</summary>
public sealed class WeftdTests
{
    [Fact]
    public async Task Run_StoreOverUnixSocket_PushesFollowTheStore()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-run-").FullName;
        await using StoreApi api = await StoreApi.StartAsync(Path.Combine(directory, "api.sock"));
        api.Put(Yaml.Grid);
        using var stop = new CancellationTokenSource();
        WeftdOptions options = Options(directory);
        using var log = new StringWriter();
        Task<int> running = Weftd.RunAsync(options, TextWriter.Synchronized(log), stop.Token);
        using HttpClient debug = Debug(options.DebugSocket!);
        await UntilReadyAsync(debug);

        using var proxy = new TestProxy(GrpcChannel.ForAddress("http://" + options.Plaintext));
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();

        api.Put(Yaml.VirtualService("hosts: [forecast]\nhttp: [{timeout: 3s, route: [{destination: {host: forecast}}]}]"));
        DeltaDiscoveryResponse change = Assert.Single(await proxy.TakePushAsync());
        Assert.Equal(XdsTypes.VirtualHost, change.TypeUrl);
        Assert.Contains("8080/forecast.grid.svc.cluster.local:8080", change.Resources.Select(r => r.Name));

        api.Store.Delete(new ObjectKey("discovery.k8s.io", "EndpointSlice", "grid", "forecast-a"));
        List<DeltaDiscoveryResponse> gone = await proxy.TakePushAsync();
        Assert.Contains(gone, r => r.TypeUrl == XdsTypes.Endpoints);
        string waited = await debug.GetStringAsync($"/debug/wait?resourceVersion={api.Store.Revision}&timeout=10", TestContext.Current.CancellationToken);
        Assert.Contains("\"converged\": true", waited, StringComparison.Ordinal);

        await stop.CancelAsync();
        Assert.Equal(0, await running);
        Assert.False(File.Exists(options.DebugSocket));
        Assert.Contains("Source synced", log.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_SourceGone_ServesTheJournalledSet()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-run-").FullName;
        string digest;
        WeftdOptions options = Options(directory);
        await using (StoreApi api = await StoreApi.StartAsync(Path.Combine(directory, "api.sock")))
        {
            api.Put(Yaml.Grid);
            using var stop = new CancellationTokenSource();
            Task<int> running = Weftd.RunAsync(options, TextWriter.Null, stop.Token);
            using HttpClient debug = Debug(options.DebugSocket!);
            await UntilReadyAsync(debug);
            digest = await debug.GetStringAsync("/debug/digest", TestContext.Current.CancellationToken);
            await stop.CancelAsync();
            await running;
        }

        using var again = new CancellationTokenSource();
        Task<int> second = Weftd.RunAsync(options, TextWriter.Null, again.Token);
        using HttpClient page = Debug(options.DebugSocket!);
        await UntilReadyAsync(page);
        string now = await page.GetStringAsync("/debug/digest", TestContext.Current.CancellationToken);
        Assert.Equal(Line(digest, "acceptedDigest"), Line(now, "acceptedDigest"));
        Assert.Contains("\"sourceSynced\": false", now, StringComparison.Ordinal);
        using var proxy = new TestProxy(GrpcChannel.ForAddress("http://" + options.Plaintext));
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        Assert.NotEmpty(await proxy.TakePushAsync());
        await again.CancelAsync();
        Assert.Equal(0, await second);
    }

    [Fact]
    public async Task Run_RootKeyThatOthersCanRead_IsRefusedInOneLine()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-run-").FullName;
        WeftdOptions options = Options(directory);
        using (var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(500)))
        {
            await Weftd.RunAsync(options, TextWriter.Null, stop.Token);
        }

        File.SetUnixFileMode(Path.Combine(directory, "ca", "root-key.pem"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        using var log = new StringWriter();

        Assert.Equal(2, await Weftd.RunAsync(options, log, TestContext.Current.CancellationToken));
        Assert.Contains("root-key.pem", Assert.Single(log.ToString().Trim().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_PlaintextNotOnLoopback_IsRefused()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-run-").FullName;
        using var log = new StringWriter();

        Assert.Equal(2, await Weftd.RunAsync(Options(directory) with { Plaintext = new IPEndPoint(IPAddress.Any, 0) }, log, TestContext.Current.CancellationToken));
        Assert.Contains("loopback", log.ToString(), StringComparison.Ordinal);
    }

    private static WeftdOptions Options(string directory) => new()
    {
        Source = "unix:" + Path.Combine(directory, "api.sock"),
        StateDirectory = directory,
        Plaintext = new IPEndPoint(IPAddress.Loopback, FreePort()),
        Secure = new IPEndPoint(IPAddress.Loopback, 0),
        Metrics = null,
        Health = null,
        DebugSocket = Path.Combine(directory, "debug.sock"),
    };

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static async Task UntilReadyAsync(HttpClient client)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                using HttpResponseMessage response = await client.GetAsync("/ready", limit.Token);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(10, limit.Token);
        }
    }

    private static HttpClient Debug(string path) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) =>
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://weftd/"),
    };

    private static string Line(string json, string name) => json.Split('\n').Single(l => l.Contains($"\"{name}\"", StringComparison.Ordinal));
}
