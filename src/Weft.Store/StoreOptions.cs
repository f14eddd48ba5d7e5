using System;
using Weft.Config;

namespace Weft.Store;

/// <summary>Sizes and hooks of an <see cref="ObjectStore"/>.</summary>
public sealed record StoreOptions
{
    /// <summary>Events kept for watchers that come back. 10,000: minutes of a busy mesh, some MiB.</summary>
    public int HistoryLength { get; init; } = 10_000;

    /// <summary>Events that may wait for one watcher before it is reset.</summary>
    public int WatcherQueueLength { get; init; } = 4_096;

    /// <summary>
    /// The revision before the first change; null takes the clock's milliseconds, so that a store that starts again never gives out a revision that a watcher
    /// of the store before might still hold: it gets "gone" and lists again.
    /// </summary>
    public long? InitialRevision { get; init; }

    /// <summary>
    /// Mutating admission: called under the writer lock with the incoming object and the stored one (or null), before they are compared; returns what to
    /// store. Must be quick and must not call the store.
    /// </summary>
    public Func<Resource, Resource?, Resource>? Admit { get; init; }
}
