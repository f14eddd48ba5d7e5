using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.Buffers;

/// <summary>
/// Received bytes that nobody has consumed yet, kept contiguous so that a parser sees one span. Holds a slab only while it has bytes or a receive is
/// under way; grows 4 → 16 → 64 KiB. A field of its owner, never copied, always used with the same pool.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public unsafe struct InputBuffer
{
    private byte* _slab;
    private int _size;
    private int _start;
    private int _end;

    /// <summary>Bytes waiting.</summary>
    public readonly int Length => _end - _start;

    /// <summary>True when nothing waits.</summary>
    public readonly bool IsEmpty => _end == _start;

    /// <summary>The waiting bytes. Valid until the next call that changes the buffer.</summary>
    public readonly ReadOnlySpan<byte> Bytes => new(_slab + _start, _end - _start);

    /// <summary>
    /// Room behind the waiting bytes, empty only when <paramref name="limit"/> bytes wait. Follow with <see cref="Commit"/>, also with 0, so that an
    /// unused slab goes back.
    /// </summary>
    /// <param name="pool">Where slabs come from.</param>
    /// <param name="wanted">Bytes of room that a larger slab is taken for.</param>
    /// <param name="limit">Most bytes that may wait; at most <see cref="SlabPool.LargeSize"/>.</param>
    public Span<byte> Room(SlabPool pool, int wanted, int limit)
    {
        int most = Math.Min(limit, SlabPool.LargeSize) - Length;
        if (most <= 0)
        {
            return default;
        }

        int needed = Math.Min(wanted, most);
        if (_size - _end < needed)
        {
            MakeRoom(pool, needed);
        }

        return new Span<byte>(_slab + _end, Math.Min(_size - _end, most));
    }

    /// <summary>Takes <paramref name="count"/> bytes written to the last <see cref="Room"/>.</summary>
    public void Commit(SlabPool pool, int count)
    {
        Debug.Assert((uint)count <= (uint)(_size - _end), "commits what Room gave");
        _end += count;
        if (_end == _start)
        {
            Clear(pool);
        }
    }

    /// <summary>Copies bytes that lie elsewhere (a scratch buffer that somebody else needs next) to the end.</summary>
    /// <returns>False when they would not fit in <see cref="SlabPool.LargeSize"/>; nothing is copied then.</returns>
    public bool TryPark(SlabPool pool, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length + Length > SlabPool.LargeSize)
        {
            return false;
        }

        if (!bytes.IsEmpty)
        {
            bytes.CopyTo(Room(pool, bytes.Length, SlabPool.LargeSize));
            Commit(pool, bytes.Length);
        }

        return true;
    }

    /// <summary>Drops the oldest <paramref name="count"/> bytes; the slab goes back with the last of them.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Length"/>: a bug of the caller.</exception>
    public void Consume(SlabPool pool, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Length, nameof(count));
        _start += count;
        if (_start == _end)
        {
            Clear(pool);
        }
    }

    /// <summary>Drops everything and returns the slab.</summary>
    public void Clear(SlabPool pool)
    {
        if (_slab is not null)
        {
            pool.Return(_slab, _size);
        }

        this = default;
    }

    private void MakeRoom(SlabPool pool, int needed)
    {
        int length = Length;
        if (_size - length >= needed)
        {
            Bytes.CopyTo(new Span<byte>(_slab, length));
        }
        else
        {
            int size = SlabPool.SizeFor(length + needed);
            byte* slab = pool.Rent(size);
            Bytes.CopyTo(new Span<byte>(slab, size));
            if (_slab is not null)
            {
                pool.Return(_slab, _size);
            }

            _slab = slab;
            _size = size;
        }

        _start = 0;
        _end = length;
    }
}
