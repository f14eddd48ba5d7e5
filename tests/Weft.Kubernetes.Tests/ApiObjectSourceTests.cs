using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Store;

namespace Weft.Kubernetes.Tests;

public sealed class ApiObjectSourceTests : IAsyncLifetime
{
    private readonly ObjectStore _store = new(new StoreOptions { InitialRevision = 100 });
    private TestApiServer _server = null!;
    private ApiEndpoint _endpoint = null!;

    public ValueTask InitializeAsync()
    {
        _server = new TestApiServer(new ApiHandler(_store).Handle);
        _endpoint = ApiEndpoint.FromSource("unix:" + _server.SocketPath);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task ReadAll_AllKinds_SyncsAndThenFollowsTheStoresRevision()
    {
        _store.Put(TestObjects.Service("web"));
        var objects = new Dictionary<ObjectKey, Resource>();
        await using IAsyncEnumerator<ObjectBatch> batches = Read();

        ObjectBatch batch = await UntilAsync(batches, objects, b => b.IsSynced);
        Assert.Equal([TestObjects.Key("web")], objects.Keys);
        Assert.True(batch.Revision >= 101 || batch.Revision == 101, $"revision {batch.Revision}");

        _store.Put(TestObjects.Service("api"));
        _store.Delete(TestObjects.Key("web"));
        batch = await UntilAsync(batches, objects, b => b.Revision >= 103);

        // Every kind has moved there, though only one had events: that is what bookmarks are for.
        Assert.Equal(103, batch.Revision);
        Assert.Equal([TestObjects.Key("api")], objects.Keys);
    }

    [Fact]
    public async Task ReadAll_ServerStartsAnewWithOtherObjects_TellsWhatIsGone()
    {
        _store.Put(TestObjects.Service("web"));
        var objects = new Dictionary<ObjectKey, Resource>();
        await using IAsyncEnumerator<ObjectBatch> batches = Read();
        await UntilAsync(batches, objects, b => b.IsSynced && objects.Count == 1);

        var other = new ObjectStore(new StoreOptions { InitialRevision = 5_000 });
        other.Put(TestObjects.Service("api"));
        _server.Handle = new ApiHandler(other).Handle;
        _server.CutConnections();

        await UntilAsync(batches, objects, b => b.Revision >= 5_001);
        Assert.Equal([TestObjects.Key("api")], objects.Keys);
    }

    [Fact]
    public async Task ReadAll_BrokenObject_ComesWithItsDiagnostics()
    {
        _store.Put(ResourceReader.ReadYaml("""
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata: {name: all, namespace: grid}
            spec: {}
            """, ReadOptions.FromFile).Objects[0].Resource!);
        await using IAsyncEnumerator<ObjectBatch> batches = Read();
        ReadResult? found = null;
        while (found is null && await batches.MoveNextAsync())
        {
            found = batches.Current.Changes.Select(c => c.Result).FirstOrDefault();
        }

        Assert.True(found!.IsRefused);
        Assert.Equal(DiagnosticCodes.KindNotHonoured, found.Diagnostics[0].Code);
    }

    private IAsyncEnumerator<ObjectBatch> Read() =>
        new ApiObjectSource(_endpoint, options: new ReflectorOptions { MinBackoff = TimeSpan.FromMilliseconds(5) }).ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();

    private static async Task<ObjectBatch> UntilAsync(IAsyncEnumerator<ObjectBatch> batches, Dictionary<ObjectKey, Resource> objects, Func<ObjectBatch, bool> isEnough)
    {
        while (await batches.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)))
        {
            foreach (ObjectChange change in batches.Current.Changes)
            {
                if (change.Result?.Resource is { } resource)
                {
                    objects[change.Key] = resource;
                }
                else
                {
                    objects.Remove(change.Key);
                }
            }

            if (isEnough(batches.Current))
            {
                return batches.Current;
            }
        }

        throw new InvalidOperationException("the source ended");
    }
}
