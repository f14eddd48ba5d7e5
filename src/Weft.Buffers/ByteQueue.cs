using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.Buffers;

/// <summary>
/// Bytes in, bytes out, in order, in a chain of slabs from a <see cref="SlabPool"/>; an empty queue holds none. A field of its owner, never copied
/// (it is a mutable struct), always used with the same pool, by the thread that owns that pool.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public unsafe struct ByteQueue
{
    private Header* _first;
    private Header* _last;
    private int _readAt;
    private int _writeAt;
    private int _length;

    /// <summary>Bytes in the queue.</summary>
    public readonly int Length => _length;

    /// <summary>True when nothing is queued and so no memory is held.</summary>
    public readonly bool IsEmpty => _length == 0;

    /// <summary>The oldest bytes that lie together; empty only when the queue is. Valid until the next call that changes the queue.</summary>
    public readonly ReadOnlySpan<byte> Front => _first is null
        ? default
        : new ReadOnlySpan<byte>(Payload(_first) + _readAt, (_first == _last ? _writeAt : _first->Capacity) - _readAt);

    /// <summary>Copies <paramref name="bytes"/> to the end.</summary>
    public void Append(SlabPool pool, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = Room(pool, bytes.Length);
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            Commit(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Room to write at the end, at least one byte, about <paramref name="wanted"/> when a slab is taken for it; follow with <see cref="Commit"/>.</summary>
    public Span<byte> Room(SlabPool pool, int wanted)
    {
        if (_last is null || _writeAt == _last->Capacity)
        {
            AddSlab(pool, wanted);
        }

        return new Span<byte>(Payload(_last) + _writeAt, _last->Capacity - _writeAt);
    }

    /// <summary>Takes the first <paramref name="count"/> bytes of the last <see cref="Room"/> into the queue.</summary>
    public void Commit(int count)
    {
        Debug.Assert(_last is not null && (uint)count <= (uint)(_last->Capacity - _writeAt), "commits what Room gave");
        _writeAt += count;
        _length += count;
    }

    /// <summary>Drops the oldest <paramref name="count"/> bytes and returns slabs that became empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More than <see cref="Length"/>: a bug of the caller.</exception>
    public void Consume(SlabPool pool, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)_length, nameof(count));
        _length -= count;
        if (_length == 0)
        {
            Clear(pool);
            return;
        }

        while (count > 0)
        {
            int here = _first->Capacity - _readAt;
            if (count < here)
            {
                _readAt += count;
                return;
            }

            count -= here;
            DropFirst(pool);
        }
    }

    /// <summary>Returns every slab.</summary>
    public void Clear(SlabPool pool)
    {
        while (_first is not null)
        {
            DropFirst(pool);
        }

        _length = 0;
    }

    /// <summary>Copies everything, oldest first, without taking it out: a body kept for a retry is sent again this way.</summary>
    /// <returns>Bytes copied: <see cref="Length"/>, or less when <paramref name="destination"/> is shorter.</returns>
    public readonly int CopyTo(Span<byte> destination)
    {
        int copied = 0;
        int from = _readAt;
        for (Header* slab = _first; slab is not null && copied < destination.Length; slab = slab->Next)
        {
            int here = (slab == _last ? _writeAt : slab->Capacity) - from;
            int count = Math.Min(here, destination.Length - copied);
            new ReadOnlySpan<byte>(Payload(slab) + from, count).CopyTo(destination[copied..]);
            copied += count;
            from = 0;
        }

        return copied;
    }

    /// <summary>Piece <paramref name="index"/> of the chain, 0 the oldest, or empty behind the last: reads the queue without taking bytes out.</summary>
    public readonly ReadOnlySpan<byte> Piece(int index)
    {
        Header* slab = _first;
        int from = _readAt;
        for (; slab is not null && index > 0; index--)
        {
            slab = slab->Next;
            from = 0;
        }

        return slab is null ? default : new ReadOnlySpan<byte>(Payload(slab) + from, (slab == _last ? _writeAt : slab->Capacity) - from);
    }

    private static byte* Payload(Header* slab) => (byte*)slab + sizeof(Header);

    private void AddSlab(SlabPool pool, int wanted)
    {
        int size = wanted + sizeof(Header) <= SlabPool.SmallSize ? SlabPool.SmallSize : SlabPool.MediumSize;
        Header* slab = (Header*)pool.Rent(size);
        slab->Next = null;
        slab->Capacity = size - sizeof(Header);
        if (_last is null)
        {
            _first = slab;
            _readAt = 0;
        }
        else
        {
            _last->Next = slab;
        }

        _last = slab;
        _writeAt = 0;
    }

    private void DropFirst(SlabPool pool)
    {
        Header* slab = _first;
        _first = slab->Next;
        _readAt = 0;
        if (_first is null)
        {
            _last = null;
            _writeAt = 0;
        }

        pool.Return((byte*)slab, slab->Capacity + sizeof(Header));
    }

    // At the head of each slab: the chain costs no memory of its own.
    private struct Header
    {
        public Header* Next;
        public int Capacity;
    }
}
