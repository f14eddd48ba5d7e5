using System;
using System.Collections.Generic;
using System.Text;
using System.Threading;
using Weft.Buffers;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>
/// Owns every block of a proxy's configuration. One writer (discovery) publishes; readers see whole snapshots; blocks that a publish replaced are
/// freed by <see cref="Collect"/> once every registered reader has entered that publish or a later one, or is parked.
/// The writer's methods and register/forget take a lock; readers' turns never do.
/// </summary>
public sealed class SnapshotStore : IDisposable
{
    /// <summary>The secret whose trust bundle keys the draws.</summary>
    public const string TrustBundleName = "ROOTCA";

    private readonly Lock _gate = new();
    private readonly SnapshotCell<MeshSnapshot> _cell = new(MeshSnapshot.Empty);
    private readonly List<SnapshotReader> _readers = [];
    private readonly Queue<(long Revision, NativeBlock Block)> _retired = new();
    private bool _isDisposed;

    /// <summary>The last published snapshot. Reading its blocks is safe only through a <see cref="SnapshotReader"/>.</summary>
    public MeshSnapshot Current => _cell.Current;

    /// <summary>Blocks that wait for a reader to move on.</summary>
    public int RetiredCount
    {
        get
        {
            lock (_gate)
                return _retired.Count;
        }
    }

    public SnapshotReader Register()
    {
        lock (_gate)
        {
            var reader = new SnapshotReader(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>
    /// Applies an update and swaps. Returns the current snapshot: a new one, or the same when neither content nor digest changed, so pushing
    /// the same again is a no-op.
    /// </summary>
    /// <param name="update">What changes.</param>
    /// <param name="digest">The control plane's name for the new state.</param>
    public MeshSnapshot Publish(SnapshotUpdate update, string digest)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var publication = new SnapshotPublication(_cell.Current, update.MeshKey);
            foreach ((BlockKind kind, string name, BlockImage? image) in update.Changes)
            {
                if (image is null)
                    publication.Remove(kind, Encoding.UTF8.GetBytes(name));
                else
                    publication.Put(image);
            }

            if (!publication.HasChanged && digest == _cell.Current.Digest)
                return _cell.Current;
            MeshSnapshot next = publication.Build(digest);
            _cell.Publish(next);
            Interlocked.MemoryBarrier();
            foreach (NativeBlock block in publication.Retired)
                _retired.Enqueue((next.Revision, block));
            CollectLocked();
            return next;
        }
    }

    /// <summary>Frees what no reader can see any more; returns how many blocks. Called by publishes, and by whoever ticks off-loop.</summary>
    public int Collect()
    {
        lock (_gate)
            return CollectLocked();
    }

    /// <summary>Frees everything; only after the last reader is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            while (_retired.TryDequeue(out (long Revision, NativeBlock Block) retired))
                retired.Block.Free();
            MeshSnapshot last = _cell.Current;
            _cell.Publish(MeshSnapshot.Empty);
            foreach (BlockKind kind in Enum.GetValues<BlockKind>())
            {
                for (int slot = 0; slot < last.Slots(kind); slot++)
                    last.Memory(kind, slot).Free();
            }
        }
    }

    internal void Forget(SnapshotReader reader)
    {
        lock (_gate)
            _readers.Remove(reader);
    }

    private int CollectLocked()
    {
        long oldest = long.MaxValue;
        foreach (SnapshotReader reader in _readers)
            oldest = Math.Min(oldest, reader.Seen);
        int freed = 0;
        while (_retired.TryPeek(out (long Revision, NativeBlock Block) retired) && retired.Revision <= oldest)
        {
            _retired.Dequeue();
            retired.Block.Free();
            freed++;
        }

        return freed;
    }
}
