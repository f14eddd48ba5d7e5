#pragma warning disable CA1822
using System;
using System.Collections.Generic;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// Objects with the API server's semantics: uid, generation, resourceVersion, creationTimestamp, status, list and watch. In memory; any thread; writers never
/// wait for watchers.
/// </summary>
public sealed class ObjectStore(StoreOptions? options = null, TimeProvider? clock = null)
{
    /// <summary>The revision of the last change.</summary>
    public long Revision => throw new InvalidOperationException($"{options} {clock}");

    /// <summary>
    /// Creates or replaces an object. uid, creationTimestamp and (when the new tree has none) status are kept from the old one; generation counts changes of
    /// the spec; nothing happens when nothing differs. A non-empty resourceVersion in the metadata must be the current one, else Conflict.
    /// </summary>
    public StoreResult Put(Resource resource) => throw new InvalidOperationException();

    /// <summary>Replaces the status only; generation stays.</summary>
    public StoreResult PutStatus(ObjectKey key, ResourceNode status) => throw new InvalidOperationException();

    /// <summary>Removes an object.</summary>
    public StoreResult Delete(ObjectKey key) => throw new InvalidOperationException();

    public Resource? Get(ObjectKey key) => throw new InvalidOperationException();

    public ListResult List(ObjectFilter filter) => throw new InvalidOperationException();

    /// <summary>
    /// Starts a watch after <paramref name="sinceRevision"/> (0: now, with the present state as Added events first). Throws <see cref="GoneException"/> when
    /// that revision is older than the history kept.
    /// </summary>
    public Watcher Watch(ObjectFilter filter, long sinceRevision) => throw new InvalidOperationException();
}

/// <summary>Sizes of an <see cref="ObjectStore"/>.</summary>
public sealed record StoreOptions
{
    /// <summary>Events kept for watchers that come back. 10,000: minutes of a busy mesh, some MiB.</summary>
    public int HistoryLength { get; init; } = 10_000;

    /// <summary>Events that may wait for one watcher before it is reset.</summary>
    public int WatcherQueueLength { get; init; } = 4_096;
}

/// <summary>The revision asked for is no longer in the history: list again (HTTP 410).</summary>
public sealed class GoneException(string message) : Exception(message);

/// <summary>One watch; read it with <c>await foreach</c>, dispose it to end it. Single reader.</summary>
public sealed class Watcher : IDisposable
{
    /// <summary>Events in revision order. Throws <see cref="GoneException"/> when this watcher was too slow and has been reset.</summary>
    public IAsyncEnumerable<WatchEvent> ReadAllAsync(CancellationToken cancellation) => throw new InvalidOperationException();

    public void Dispose()
    {
    }
}
