using System;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Weft.Buffers;

/// <summary>
/// Fixed-size pieces of native memory for one loop: taken while a connection has bytes parked, returned as soon as it has none. Native, so that a burst
/// can be given back to the system without a collection and the kernel may be handed the address without pinning. One thread owns a pool.
/// </summary>
public sealed unsafe class SlabPool : IDisposable
{
    /// <summary>Holds one small head.</summary>
    public const int SmallSize = 4 * 1024;

    /// <summary>Holds one TLS record of 16 KiB less the bookkeeping of <see cref="ByteQueue"/>.</summary>
    public const int MediumSize = 16 * 1024;

    /// <summary>The largest contiguous input: Envoy's default head limit is 60 KiB.</summary>
    public const int LargeSize = 64 * 1024;

    // What stays warm per loop: 128 KiB + 512 KiB + 256 KiB at most. More is freed on return, so that one burst does not stay resident.
    private FreeList _small = new(SmallSize, 32);
    private FreeList _medium = new(MediumSize, 32);
    private FreeList _large = new(LargeSize, 4);
    private bool _disposed;

    /// <summary>Bytes in slabs that somebody holds now.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>Bytes kept free for the next user.</summary>
    public long BytesRetained => _small.Bytes + _medium.Bytes + _large.Bytes;

    /// <summary>Frees what is not in use. A slab returned later is freed at once.</summary>
    public void Dispose()
    {
        _disposed = true;
        _small.Trim();
        _medium.Trim();
        _large.Trim();
    }

    /// <summary>The smallest slab size that holds <paramref name="bytes"/>; <see cref="LargeSize"/> when none does.</summary>
    internal static int SizeFor(int bytes) => bytes <= SmallSize ? SmallSize : bytes <= MediumSize ? MediumSize : LargeSize;

    internal byte* Rent(int size)
    {
        BytesInUse += size;
        return ListOf(size).Take();
    }

    internal void Return(byte* slab, int size)
    {
        Debug.Assert(slab is not null, "a slab is returned once, by who rented it");
        BytesInUse -= size;
        ref FreeList list = ref ListOf(size);
        list.Give(slab);
        if (_disposed)
        {
            list.Trim();
        }
    }

    private ref FreeList ListOf(int size)
    {
        switch (size)
        {
            case SmallSize: return ref _small;
            case MediumSize: return ref _medium;
            case LargeSize: return ref _large;
            default: throw new ArgumentOutOfRangeException(nameof(size));
        }
    }

    private struct FreeList(int size, int keep)
    {
        private readonly nint[] _free = new nint[keep];
        private int _count;

        public readonly long Bytes => (long)_count * size;

        public byte* Take() => _count > 0 ? (byte*)_free[--_count] : (byte*)NativeMemory.Alloc((nuint)size);

        public void Give(byte* slab)
        {
            if (_count < _free.Length)
            {
                _free[_count++] = (nint)slab;
            }
            else
            {
                NativeMemory.Free(slab);
            }
        }

        public void Trim()
        {
            while (_count > 0)
            {
                NativeMemory.Free((byte*)_free[--_count]);
            }
        }
    }
}
