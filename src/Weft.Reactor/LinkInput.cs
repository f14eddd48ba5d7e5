using System;
using System.Runtime.InteropServices;
using Weft.Buffers;

namespace Weft.Reactor;

/// <summary>
/// What a link has received and nobody has consumed. During a delivery the bytes may lie in the loop's scratch buffer, uncopied; what is left afterwards
/// is parked in a slab of the link's own. So an idle link holds none.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct LinkInput
{
    private InputBuffer _parked;
    private int _scratchStart;
    private int _scratchEnd;

    public readonly int Length => _parked.Length + (_scratchEnd - _scratchStart);

    public readonly bool IsEmpty => Length == 0;

    /// <summary>All of it, contiguous: the bytes are either in scratch or parked, never both.</summary>
    public readonly ReadOnlySpan<byte> Bytes(byte[] scratch) =>
        _scratchEnd > _scratchStart ? scratch.AsSpan(_scratchStart, _scratchEnd - _scratchStart) : _parked.Bytes;

    /// <summary>Where to receive: the scratch buffer while nothing waits, else behind what waits. Empty when <paramref name="limit"/> bytes wait.</summary>
    public Span<byte> Room(byte[] scratch, SlabPool pool, int limit)
    {
        // A few KiB more than what waits: a head that did not come whole seldom needs more, and the slab grows when it does.
        const int Wanted = 2048;
        return _parked.IsEmpty ? scratch.AsSpan(0, Math.Min(scratch.Length, limit)) : _parked.Room(pool, Wanted, limit);
    }

    /// <summary>Takes what was received into the last <see cref="Room"/>.</summary>
    public void Commit(SlabPool pool, int count)
    {
        if (_parked.IsEmpty)
        {
            _scratchStart = 0;
            _scratchEnd = count;
        }
        else
        {
            _parked.Commit(pool, count);
        }
    }

    public void Consume(SlabPool pool, int count)
    {
        if (_scratchEnd == _scratchStart)
        {
            _parked.Consume(pool, count);
            return;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)(_scratchEnd - _scratchStart), nameof(count));
        _scratchStart += count;
    }

    /// <summary>Before the scratch buffer serves another link: what is left moves into a slab.</summary>
    public void Park(byte[] scratch, SlabPool pool)
    {
        if (_scratchEnd > _scratchStart)
        {
            _parked.TryPark(pool, scratch.AsSpan(_scratchStart, _scratchEnd - _scratchStart));
        }

        _scratchStart = 0;
        _scratchEnd = 0;
    }

    public void Clear(SlabPool pool)
    {
        _parked.Clear(pool);
        _scratchStart = 0;
        _scratchEnd = 0;
    }
}
