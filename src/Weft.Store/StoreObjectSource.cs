using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>A store in the same process as an <see cref="IObjectSource"/>: what tests of the control plane feed it with. Synced with its first batch.</summary>
public sealed class StoreObjectSource(ObjectStore store, ObjectFilter? filter = null) : IObjectSource
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectBatch> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // A test's store is small and its reader quick; if it is reset after all, the GoneException is the test's failure.
        using Watcher watcher = store.Watch(filter ?? ObjectFilter.All, 0);
        bool isListing = true;
        var changes = new List<ObjectChange>();
        await foreach (WatchEvent item in watcher.ReadAllAsync(cancellation))
        {
            if (item.Object is { } resource)
            {
                changes.Add(new ObjectChange(resource.Key, item.Type == WatchEventType.Deleted ? null : Read(resource)));
                if (isListing)
                {
                    continue;
                }
            }

            isListing = false;
            yield return new ObjectBatch(changes, true, item.Revision);
            changes = [];
        }
    }

    /// <summary>As an API client would see it: bound from its JSON, with whatever is wrong with it.</summary>
    private static ReadResult Read(Resource resource) => ResourceReader.ReadJson(ResourceJson.ToBytes(resource), ReadOptions.FromApi).Objects[0];
}
