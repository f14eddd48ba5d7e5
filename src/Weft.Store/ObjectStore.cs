using System;
using System.Collections.Generic;
using System.Globalization;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>
/// Objects with the API server's semantics: uid, generation, resourceVersion, creationTimestamp, status, list and watch. In memory; any thread; one lock, held
/// for the time of one change; writers never wait for watchers.
/// </summary>
public sealed class ObjectStore
{
    private readonly Lock _gate = new();
    private readonly StoreOptions _options;
    private readonly TimeProvider _clock;
    private readonly Dictionary<(string Group, string Kind), Dictionary<ObjectKey, StoredObject>> _objects = [];
    private readonly Queue<WatchEvent> _history = new();
    private readonly List<Watcher> _watchers = [];
    private readonly long _initialRevision;
    private long _revision;
    private long _historyStart;
    private long _resetWatchers;

    public ObjectStore(StoreOptions? options = null, TimeProvider? clock = null)
    {
        _options = options ?? new StoreOptions();
        _clock = clock ?? TimeProvider.System;
        _initialRevision = _options.InitialRevision ?? _clock.GetUtcNow().ToUnixTimeMilliseconds();
        _revision = _historyStart = _initialRevision;
    }

    /// <summary>The revision of the last change.</summary>
    public long Revision => Volatile.Read(ref _revision);

    /// <summary>Watches that were reset because they did not keep up.</summary>
    public long ResetWatchers => Volatile.Read(ref _resetWatchers);

    /// <summary>Watches open now.</summary>
    public int WatcherCount
    {
        get
        {
            lock (_gate)
            {
                return _watchers.Count;
            }
        }
    }

    /// <summary>
    /// Creates or replaces an object. uid, creationTimestamp and (when the new tree has none) status are kept from the old one; generation counts changes of
    /// what is neither metadata nor status; nothing happens when nothing differs. A non-empty resourceVersion in the metadata must be the current one, else
    /// Conflict.
    /// </summary>
    public StoreResult Put(Resource resource)
    {
        lock (_gate)
        {
            StoredObject? old = Find(resource.Key);
            if (resource.Metadata.ResourceVersion.Length > 0 && resource.Metadata.ResourceVersion != old?.Resource.Metadata.ResourceVersion)
            {
                return new StoreResult(old is null ? StoreOutcome.NotFound : StoreOutcome.Conflict, old?.Resource, _revision);
            }

            Resource incoming = _options.Admit?.Invoke(resource, old?.Resource) ?? resource;
            if (incoming.Content["status"] is null && old?.Resource.Content["status"] is { } status)
            {
                incoming = incoming.WithStatus(status);
            }

            return Store(incoming, old);
        }
    }

    /// <summary>Replaces the status only; generation stays.</summary>
    public StoreResult PutStatus(ObjectKey key, ResourceNode status)
    {
        lock (_gate)
        {
            return Find(key) is { } old ? Store(old.Resource.WithStatus(status), old) : new StoreResult(StoreOutcome.NotFound, null, _revision);
        }
    }

    /// <summary>
    /// Reads the object, lets <paramref name="change"/> make a new one of it and stores that, all under the writer lock: no lost update, no retry. Return
    /// the same object for no change. <paramref name="change"/> must be quick and must not call the store.
    /// </summary>
    public StoreResult Update(ObjectKey key, Func<Resource, Resource> change)
    {
        lock (_gate)
        {
            return Find(key) is { } old ? Store(change(old.Resource), old) : new StoreResult(StoreOutcome.NotFound, null, _revision);
        }
    }

    /// <summary>Removes an object.</summary>
    public StoreResult Delete(ObjectKey key)
    {
        lock (_gate)
        {
            if (Find(key) is not { } old)
            {
                return new StoreResult(StoreOutcome.NotFound, null, _revision);
            }

            OfKind(key.Group, key.Kind).Remove(key);
            long revision = _revision + 1;
            Resource last = old.Resource.With(old.Resource.Metadata with { ResourceVersion = Text(revision) });
            Publish(new WatchEvent(WatchEventType.Deleted, last, revision) { Previous = old.Resource });
            return new StoreResult(StoreOutcome.Deleted, last, revision);
        }
    }

    public Resource? Get(ObjectKey key)
    {
        lock (_gate)
        {
            return Find(key)?.Resource;
        }
    }

    /// <summary>All objects that match, ordered by namespace and name, as of one revision.</summary>
    public ListResult List(ObjectFilter filter)
    {
        lock (_gate)
        {
            return new ListResult(Matching(filter), _revision);
        }
    }

    /// <summary>
    /// Starts a watch after <paramref name="sinceRevision"/> (0: now, with the present state as Added events first). Throws <see cref="GoneException"/> when
    /// that revision is older than the history kept, or not of this store.
    /// </summary>
    public Watcher Watch(ObjectFilter filter, long sinceRevision)
    {
        lock (_gate)
        {
            var initial = new List<WatchEvent>();
            if (sinceRevision == 0)
            {
                foreach (Resource resource in Matching(filter))
                {
                    initial.Add(new WatchEvent(WatchEventType.Added, resource, Number(resource)));
                }
            }
            else if (sinceRevision < _historyStart || sinceRevision > _revision)
            {
                throw new GoneException(
                    string.Create(CultureInfo.InvariantCulture, $"too old resource version: {sinceRevision} ({_historyStart} to {_revision} are known); list again."));
            }
            else
            {
                foreach (WatchEvent change in _history)
                {
                    if (change.Revision > sinceRevision && Watcher.Translate(filter, change) is { } seen)
                    {
                        initial.Add(seen);
                    }
                }
            }

            var watcher = new Watcher(this, filter, initial, _revision, _options.WatcherQueueLength);
            _watchers.Add(watcher);
            return watcher;
        }
    }

    internal void Remove(Watcher watcher)
    {
        lock (_gate)
        {
            _watchers.Remove(watcher);
        }
    }

    private StoreResult Store(Resource incoming, StoredObject? old)
    {
        ObjectMeta metadata = incoming.Metadata;
        string body = Fingerprints.Body(incoming);
        string whole = Fingerprints.Whole(incoming, body);
        if (old is not null && whole == old.Whole)
        {
            return new StoreResult(StoreOutcome.Unchanged, old.Resource, _revision);
        }

        long revision = _revision + 1;
        Resource stored = incoming.With(metadata with
        {
            Uid = old?.Resource.Metadata.Uid ?? (metadata.Uid.Length > 0 ? metadata.Uid : Guid.NewGuid().ToString()),
            CreationTimestamp = old?.Resource.Metadata.CreationTimestamp ?? metadata.CreationTimestamp ?? Birth(metadata),
            Generation = old is null ? 1 : old.Resource.Metadata.Generation + (body == old.Body ? 0 : 1),
            ResourceVersion = Text(revision),
        });
        OfKind(stored.Type.Group, stored.Kind)[stored.Key] = new StoredObject(stored, body, whole);
        Publish(new WatchEvent(old is null ? WatchEventType.Added : WatchEventType.Modified, stored, revision) { Previous = old?.Resource });
        return new StoreResult(old is null ? StoreOutcome.Created : StoreOutcome.Updated, stored, revision);
    }

    private void Publish(WatchEvent change)
    {
        Volatile.Write(ref _revision, change.Revision);
        _history.Enqueue(change);
        while (_history.Count > _options.HistoryLength)
        {
            _historyStart = _history.Dequeue().Revision;
        }

        for (int i = _watchers.Count - 1; i >= 0; i--)
        {
            if (!_watchers[i].Offer(change))
            {
                _watchers.RemoveAt(i);
                Volatile.Write(ref _resetWatchers, _resetWatchers + 1);
            }
        }
    }

    private List<Resource> Matching(ObjectFilter filter)
    {
        var found = new List<Resource>();
        foreach (Dictionary<ObjectKey, StoredObject> objects in filter.Kind is { } kind ? [OfKind(kind.Group, kind.Kind)] : (IEnumerable<Dictionary<ObjectKey, StoredObject>>)_objects.Values)
        {
            foreach (StoredObject stored in objects.Values)
            {
                if (filter.Matches(stored.Resource))
                {
                    found.Add(stored.Resource);
                }
            }
        }

        found.Sort(static (a, b) => Order(a.Key, b.Key));
        return found;
    }

    private static int Order(ObjectKey left, ObjectKey right)
    {
        int order = string.CompareOrdinal(left.Kind, right.Kind);
        order = order != 0 ? order : string.CompareOrdinal(left.Namespace, right.Namespace);
        order = order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
        return order != 0 ? order : string.CompareOrdinal(left.Group, right.Group);
    }

    private StoredObject? Find(ObjectKey key) => OfKind(key.Group, key.Kind).GetValueOrDefault(key);

    private Dictionary<ObjectKey, StoredObject> OfKind(string group, string kind)
    {
        if (!_objects.TryGetValue((group, kind), out Dictionary<ObjectKey, StoredObject>? objects))
        {
            _objects[(group, kind)] = objects = [];
        }

        return objects;
    }

    /// <summary>
    /// Objects of files have no birthday: where Istio lets the older object win, the result would depend on when which file was saved, and be another one
    /// after a restart (design section 5).
    /// </summary>
    private DateTimeOffset? Birth(ObjectMeta metadata) => metadata.Annotations.ContainsKey(SourceMaps.SourceAnnotation) ? null : Now();

    /// <summary>Whole seconds, which is all that Kubernetes' JSON carries.</summary>
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());

    private static string Text(long revision) => revision.ToString(CultureInfo.InvariantCulture);

    private static long Number(Resource resource) => long.Parse(resource.Metadata.ResourceVersion, CultureInfo.InvariantCulture);

    /// <summary>An object with the fingerprints that say what of it a write changes.</summary>
    private sealed record StoredObject(Resource Resource, string Body, string Whole);
}
