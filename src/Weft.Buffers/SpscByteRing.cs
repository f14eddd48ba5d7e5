using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Weft.Buffers;

/// <summary>
/// Records of bytes from one thread to one other: a loop writes its log records, the log writer drains them. A record that does not fit is dropped and
/// counted, because a loop never waits for a disk.
/// </summary>
public sealed class SpscByteRing
{
    private const int LengthBytes = sizeof(int);

    // A record that would pass the end starts at the beginning instead; this stands where it would have been.
    private const int WrapMark = -1;

    private readonly byte[] _ring;
    private readonly int _mask;
    private Position _written;
    private Position _read;
    private long _dropped;

    /// <param name="capacity">Bytes, rounded up to a power of two; a record may take up to half of it.</param>
    public SpscByteRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 64);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 30);
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        _ring = GC.AllocateUninitializedArray<byte>(size);
        _mask = size - 1;
    }

    /// <summary>Records dropped for want of room. Any thread.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>True when no record waits. Any thread; a hint.</summary>
    public bool IsEmpty => Volatile.Read(ref _read.Value) == Volatile.Read(ref _written.Value);

    /// <summary>Copies one record in. Writer only.</summary>
    /// <returns>False when it was dropped.</returns>
    public bool TryWrite(ReadOnlySpan<byte> record)
    {
        int needed = Align(LengthBytes + record.Length);
        long written = _written.Value;
        int at = (int)written & _mask;
        int toEnd = _ring.Length - at;
        int skip = toEnd < needed ? toEnd : 0;
        long free = _ring.Length - (written - Volatile.Read(ref _read.Value));
        if (needed > _ring.Length / 2 || needed + skip > free)
        {
            _dropped++;
            return false;
        }

        if (skip > 0)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_ring.AsSpan(at), WrapMark);
            at = 0;
        }

        BinaryPrimitives.WriteInt32LittleEndian(_ring.AsSpan(at), record.Length);
        record.CopyTo(_ring.AsSpan(at + LengthBytes));
        Volatile.Write(ref _written.Value, written + skip + needed);
        return true;
    }

    /// <summary>The oldest record, in place, until <see cref="Advance"/>. Reader only; false when none waits.</summary>
    public bool TryPeek(out ReadOnlySpan<byte> record)
    {
        long read = _read.Value;
        if (read == Volatile.Read(ref _written.Value))
        {
            record = default;
            return false;
        }

        int at = StartOf(ref read);
        record = _ring.AsSpan(at + LengthBytes, BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(at)));
        return true;
    }

    /// <summary>Gives the room of the peeked record back. Reader only.</summary>
    public void Advance()
    {
        long read = _read.Value;
        int at = StartOf(ref read);
        Volatile.Write(ref _read.Value, read + Align(LengthBytes + BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(at))));
    }

    private static int Align(int bytes) => (bytes + LengthBytes - 1) & ~(LengthBytes - 1);

    private int StartOf(ref long read)
    {
        int at = (int)read & _mask;
        if (BinaryPrimitives.ReadInt32LittleEndian(_ring.AsSpan(at)) != WrapMark)
        {
            return at;
        }

        read += _ring.Length - at;
        return 0;
    }

    // On cache lines of their own, or writer and reader would slow each other down.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Position
    {
        [FieldOffset(64)]
        public long Value;
    }
}
