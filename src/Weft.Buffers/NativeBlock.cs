using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Buffers;

/// <summary>
/// A handle to one immutable stretch of native memory: configuration that the garbage collector never sees.
/// Two words, freely copied; it does not own. Whoever allocated it frees it once, when no reader can still hold a span of it
/// (<c>Weft.Policy</c> does that by epochs). Content is written before the handle is shared and never after, so any thread may read.
/// </summary>
/// <remarks>Invariant behind the unsafe code: <c>_start</c> is null exactly when <c>_length</c> is 0, otherwise it points at
/// <c>_length</c> bytes from <see cref="NativeMemory.AlignedAlloc"/>, aligned to <see cref="Alignment"/>.</remarks>
[SuppressMessage("Performance", "CA1815", Justification = "Compared by content digest, never by handle.")]
public readonly unsafe struct NativeBlock
{
    /// <summary>Alignment of every block, in bytes: enough for any blittable struct of ours.</summary>
    public const int Alignment = 16;

    private readonly byte* _start;
    private readonly int _length;

    private NativeBlock(byte* start, int length)
    {
        _start = start;
        _length = length;
    }

    /// <summary>True for <c>default</c>: no memory behind it.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Size in bytes.</summary>
    public int Length => _length;

    /// <summary>The whole block. Valid until <see cref="Free"/>; callers must not keep it past their epoch.</summary>
    public ReadOnlySpan<byte> Bytes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new(_start, _length);
    }

    /// <summary>Copies <paramref name="content"/> into fresh native memory.</summary>
    public static NativeBlock Allocate(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
            return default;
        var start = (byte*)NativeMemory.AlignedAlloc((nuint)content.Length, Alignment);
        content.CopyTo(new Span<byte>(start, content.Length));
        return new NativeBlock(start, content.Length);
    }

    /// <summary>A typed view of <paramref name="count"/> structs at <paramref name="offset"/>. Throws when it would leave the block.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<T> View<T>(int offset, int count)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(Bytes.Slice(offset, checked(count * Unsafe.SizeOf<T>())));

    /// <summary>True when both handles name the same memory (not: equal content).</summary>
    public bool IsSameMemory(NativeBlock other) => _start == other._start;

    /// <summary>Gives the memory back. The one who allocated calls it, once, after the last reader.</summary>
    public void Free()
    {
        if (_start != null)
            NativeMemory.AlignedFree(_start);
    }
}
