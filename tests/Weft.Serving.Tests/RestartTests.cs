using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Weft.Control.Derivation;
using Weft.Control.Tests;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Tests;

/// <summary>The accepted set on disk: what a restart serves before the source has said anything.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task Restart_BeforeTheSourceSyncs_ServesTheSameDigest()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-restart-").FullName;
        string before;
        await using (TestServer first = await TestServer.StartAsync(Yaml.Grid, directory, withJournal: true))
        {
            before = first.Publisher.Current!.State.Digest;
        }

        await using TestServer second = await TestServer.StartAsync(null, directory, withJournal: true);
        Assert.Equal(before, second.Publisher.Current!.State.Digest);
        using var proxy = new TestProxy(second.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        Assert.NotEmpty(await proxy.TakePushAsync());
    }

    [Fact]
    public async Task Restart_UnsyncedSourceSaysLittle_NothingIsTakenAway()
    {
        string directory = Directory.CreateTempSubdirectory("weftd-restart-").FullName;
        await using (TestServer first = await TestServer.StartAsync(Yaml.Grid, directory, withJournal: true))
        {
        }

        await using TestServer second = await TestServer.StartAsync(null, directory, withJournal: true);
        using var proxy = new TestProxy(second.Plaintext());
        await proxy.SubscribeAsync(TestProxy.Node("web-1", "grid", "web"));
        await proxy.TakePushAsync();
        second.Source.Say("apiVersion: v1\nkind: Namespace\nmetadata: {name: grid}\n", isSynced: false);
        second.Run();
        await second.UntilAsync(() => second.Publisher.SourceRevision == 1);
        Assert.Equal(2, second.Publisher.Current!.Mesh.Model.Services.Length);

        // Once the source has synced, what it does not have is gone.
        second.Source.Say("apiVersion: v1\nkind: Namespace\nmetadata: {name: grid}\n");
        List<DeltaDiscoveryResponse> push = await proxy.TakePushAsync();
        Assert.Contains("outbound|8080||forecast.grid.svc.cluster.local", push.Where(r => r.TypeUrl == XdsTypes.Cluster).SelectMany(r => r.RemovedResources));
    }
}
