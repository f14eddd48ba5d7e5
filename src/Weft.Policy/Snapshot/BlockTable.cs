using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Weft.Buffers;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>
/// The blocks of one kind, immutable: slots in chunks, so that replacing one block copies a chunk and the short list of chunks, never the whole
/// table; and an index from name to slot that is shared until a name comes or goes. No managed object per resource.
/// </summary>
internal sealed class BlockTable
{
    private const int ChunkBits = 7;
    private const int ChunkSize = 1 << ChunkBits;

    private readonly BlockSlot[][] _chunks;
    private readonly int[] _buckets;

    private BlockTable(BlockSlot[][] chunks, int slots, int live, int[] buckets)
    {
        _chunks = chunks;
        Slots = slots;
        Live = live;
        _buckets = buckets;
    }

    public static BlockTable Empty { get; } = new([], 0, 0, []);

    /// <summary>Slots handed out so far; some may be free.</summary>
    public int Slots { get; }

    /// <summary>Resources in the table.</summary>
    public int Live { get; }

    public ref readonly BlockSlot this[int slot] => ref _chunks[slot >> ChunkBits][slot & (ChunkSize - 1)];

    /// <summary>The slot of a name; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> name, ulong hash)
    {
        int[] buckets = _buckets;
        if (buckets.Length == 0)
            return -1;
        int mask = buckets.Length - 1;
        for (int i = (int)hash & mask; buckets[i] != 0; i = (i + 1) & mask)
        {
            int slot = buckets[i] - 1;
            var view = new BlockView(this[slot].Block.Bytes);
            if (view.NameHash == hash && view.Name.SequenceEqual(name))
                return slot;
        }

        return -1;
    }

    /// <summary>A private copy to change; see <see cref="Editor"/>.</summary>
    public Editor Edit() => new(this);

    /// <summary>One publish's changes to a table. Off-loop, single-threaded.</summary>
    internal sealed class Editor
    {
        private readonly BlockTable _from;
        private readonly BlockSlot[][] _original;
        private BlockSlot[][] _chunks;
        private int _slots;
        private int _live;
        private int[] _buckets;
        private bool _namesChanged;

        public Editor(BlockTable from)
        {
            _from = from;
            _original = from._chunks;
            _chunks = (BlockSlot[][])from._chunks.Clone();
            _slots = from.Slots;
            _live = from.Live;
            _buckets = from._buckets;
        }

        public bool HasChanged { get; private set; }

        /// <summary>Puts a block; returns what it replaces (empty when new). False when the same content is there already.</summary>
        public bool TryPut(BlockImage image, out int slot, out NativeBlock replaced)
        {
            var view = new BlockView(image.Bytes);
            slot = Find(view.Name, view.NameHash);
            replaced = default;
            if (slot >= 0)
            {
                if (At(slot).Digest == image.Digest)
                    return false;
                ref BlockSlot known = ref Own(slot);
                replaced = known.Block;
                known.Block = NativeBlock.Allocate(image.Bytes);
                known.Digest = image.Digest;
                HasChanged = true;
                return true;
            }

            slot = FreeSlot();
            ref BlockSlot fresh = ref Own(slot);
            fresh.Block = NativeBlock.Allocate(image.Bytes);
            fresh.Digest = image.Digest;
            fresh.Generation++;
            _live++;
            Index(slot);
            HasChanged = true;
            return true;
        }

        public bool TryRemove(ReadOnlySpan<byte> name, out int slot, out NativeBlock removed)
        {
            removed = default;
            slot = Find(name, NameHash.Of(name));
            if (slot < 0)
                return false;
            ref BlockSlot known = ref Own(slot);
            removed = known.Block;
            known.Block = default;
            known.Digest = default;
            _live--;
            Reindex();
            HasChanged = true;
            return true;
        }

        public BlockTable Build() => HasChanged ? new BlockTable(_chunks, _slots, _live, _buckets) : _from;

        private ref BlockSlot Own(int slot)
        {
            int chunk = slot >> ChunkBits;
            if (chunk < _original.Length && ReferenceEquals(_chunks[chunk], _original[chunk]))
                _chunks[chunk] = (BlockSlot[])_original[chunk].Clone();
            return ref _chunks[chunk][slot & (ChunkSize - 1)];
        }

        private BlockSlot At(int slot) => _chunks[slot >> ChunkBits][slot & (ChunkSize - 1)];

        [SuppressMessage("Performance", "CA1859", Justification = "Spans are what callers hold.")]
        private int Find(ReadOnlySpan<byte> name, ulong hash)
        {
            if (_buckets.Length == 0)
                return -1;
            int mask = _buckets.Length - 1;
            for (int i = (int)hash & mask; _buckets[i] != 0; i = (i + 1) & mask)
            {
                int slot = _buckets[i] - 1;
                var view = new BlockView(At(slot).Block.Bytes);
                if (view.NameHash == hash && view.Name.SequenceEqual(name))
                    return slot;
            }

            return -1;
        }

        private int FreeSlot()
        {
            if (_live < _slots)
            {
                for (int i = 0; i < _slots; i++)
                {
                    if (At(i).Block.IsEmpty)
                        return i;
                }
            }

            if (_slots >> ChunkBits == _chunks.Length)
                _chunks = [.. _chunks, new BlockSlot[ChunkSize]];
            return _slots++;
        }

        private void Index(int slot)
        {
            if (_live * 2 > _buckets.Length)
            {
                Reindex();
                return;
            }

            if (!_namesChanged)
            {
                _buckets = (int[])_buckets.Clone();
                _namesChanged = true;
            }

            Insert(_buckets, slot);
        }

        private void Reindex()
        {
            int size = _live == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)_live * 3);
            _buckets = size == 0 ? [] : new int[size];
            _namesChanged = true;
            for (int slot = 0; slot < _slots; slot++)
            {
                if (!At(slot).Block.IsEmpty)
                    Insert(_buckets, slot);
            }
        }

        private void Insert(int[] buckets, int slot)
        {
            int mask = buckets.Length - 1;
            int i = (int)new BlockView(At(slot).Block.Bytes).NameHash & mask;
            while (buckets[i] != 0)
                i = (i + 1) & mask;
            buckets[i] = slot + 1;
        }
    }
}
