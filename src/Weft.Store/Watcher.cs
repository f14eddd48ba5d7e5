using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;

namespace Weft.Store;

/// <summary>
/// One watch; read it with <c>await foreach</c>, dispose it to end it. Single reader. Writers never wait for it: what it has not read stands in a bounded
/// queue, and when that is full the watch is reset (the reader gets <see cref="GoneException"/> after what is queued) and counted.
/// </summary>
public sealed class Watcher : IDisposable
{
    private readonly ObjectStore _store;
    private readonly ObjectFilter _filter;
    private readonly IReadOnlyList<WatchEvent> _initial;
    private readonly Channel<object> _queue;
    private Progress? _tail;

    internal Watcher(ObjectStore store, ObjectFilter filter, IReadOnlyList<WatchEvent> initial, long startRevision, int queueLength)
    {
        _store = store;
        _filter = filter;
        _initial = initial;
        StartRevision = startRevision;
        _queue = Channel.CreateBounded<object>(new BoundedChannelOptions(queueLength) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    /// <summary>Everything up to this revision is in the first events; what comes later follows.</summary>
    public long StartRevision { get; }

    /// <summary>
    /// Events in revision order; bookmarks whenever the store moved on without this watcher's objects. Throws <see cref="GoneException"/> when this watcher
    /// was too slow and has been reset. Ends when the watcher is disposed.
    /// </summary>
    public async IAsyncEnumerable<WatchEvent> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (WatchEvent item in _initial)
        {
            yield return item;
        }

        yield return new WatchEvent(WatchEventType.Bookmark, null, StartRevision);
        await foreach (object item in _queue.Reader.ReadAllAsync(cancellation))
        {
            yield return item as WatchEvent ?? new WatchEvent(WatchEventType.Bookmark, null, ((Progress)item).Take());
        }
    }

    /// <summary>Ends the watch: the reader's loop ends after what is queued.</summary>
    public void Dispose()
    {
        _store.Remove(this);
        _queue.Writer.TryComplete();
    }

    /// <summary>Hands over one change. Called under the store's lock; false when the queue is full and the watch is over.</summary>
    internal bool Offer(WatchEvent change)
    {
        if (Translate(_filter, change) is { } seen)
        {
            _tail = null;
            return Enqueue(seen);
        }

        if (_tail?.TryMove(change.Revision) == true)
        {
            return true;
        }

        _tail = new Progress(change.Revision);
        return Enqueue(_tail);
    }

    /// <summary>The change as a watcher with this filter sees it, or null: an object whose labels change comes into view or leaves it.</summary>
    internal static WatchEvent? Translate(ObjectFilter filter, WatchEvent change)
    {
        bool before = change.Previous is { } previous && filter.Matches(previous);
        bool after = change.Type != WatchEventType.Deleted && filter.Matches(change.Object!);
        return (before, after) switch
        {
            (false, false) => null,
            (false, true) => new WatchEvent(WatchEventType.Added, change.Object, change.Revision),
            (true, true) => new WatchEvent(WatchEventType.Modified, change.Object, change.Revision),
            (true, false) => new WatchEvent(WatchEventType.Deleted, change.Object, change.Revision),
        };
    }

    private bool Enqueue(object item)
    {
        if (_queue.Writer.TryWrite(item))
        {
            return true;
        }

        _queue.Writer.TryComplete(new GoneException("This watch did not keep up and was reset; list again."));
        return false;
    }

    /// <summary>
    /// A bookmark in the queue. As long as nobody has read it and no event stands behind it, it moves on with the store instead of making another one; it
    /// must never overtake an event, which is why only the last element of the queue may move.
    /// </summary>
    private sealed class Progress(long revision)
    {
        private readonly Lock _gate = new();
        private long _revision = revision;
        private bool _isTaken;

        internal bool TryMove(long revision)
        {
            lock (_gate)
            {
                if (_isTaken)
                {
                    return false;
                }

                _revision = revision;
                return true;
            }
        }

        internal long Take()
        {
            lock (_gate)
            {
                _isTaken = true;
                return _revision;
            }
        }
    }
}
