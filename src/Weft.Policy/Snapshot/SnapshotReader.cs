using System;
using System.Threading;

namespace Weft.Policy.Snapshot;

/// <summary>
/// One reader of snapshots: a loop, or an off-loop task that looks (admin, explain). It may hold spans of the snapshot it entered until it enters
/// again, parks or leaves. Used by one thread at a time.
/// </summary>
public sealed class SnapshotReader : IDisposable
{
    private const long Parked = long.MaxValue;

    private readonly SnapshotStore _store;
    private long _seen = Parked;

    internal SnapshotReader(SnapshotStore store) => _store = store;

    /// <summary>The revision whose blocks this reader may be looking at; parked readers look at none.</summary>
    internal long Seen => Volatile.Read(ref _seen);

    /// <summary>Once per turn: gives up what was held and takes the current snapshot.</summary>
    public MeshSnapshot Enter()
    {
        while (true)
        {
            MeshSnapshot snapshot = _store.Current;
            if (snapshot.Revision == _seen)
                return snapshot;
            // The announcement must be visible before we look again: otherwise the writer could publish, miss us, and free what we are about to read.
            Interlocked.Exchange(ref _seen, snapshot.Revision);
            if (ReferenceEquals(snapshot, _store.Current))
                return snapshot;
        }
    }

    /// <summary>Before a wait: no span is held, so a sleeping loop keeps no block alive.</summary>
    public void Park() => Volatile.Write(ref _seen, Parked);

    /// <summary>Parks for good.</summary>
    public void Dispose()
    {
        Park();
        _store.Forget(this);
    }
}
