using System;
using System.Threading;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// The cells of one loop: plain additions by that loop's thread, volatile reads by whoever collects. Nothing is locked and no cache line is
/// shared with another loop. Only the first touch of a region of cells allocates.
/// </summary>
public sealed class MetricShard
{
    internal const int ChunkBits = 10;
    internal const int ChunkCells = 1 << ChunkBits;

    // A cache line of longs on both sides, or neighbours on the heap would share one.
    private const int Padding = 8;

    private long[]?[] _chunks = new long[]?[8];

    internal MetricShard()
    {
    }

    /// <summary>Adds to a cell. Owner thread only.</summary>
    public void Add(int cell, long amount)
    {
        long[] chunk = Chunk(cell >> ChunkBits);
        ref long value = ref chunk[Padding + (cell & (ChunkCells - 1))];
        Volatile.Write(ref value, value + amount);
    }

    public void Increment(int cell) => Add(cell, 1);

    /// <summary>Counts a value of a histogram whose series starts at <paramref name="series"/>. Owner thread only.</summary>
    /// <param name="series">What <see cref="MetricRegistry.Series"/> returned.</param>
    /// <param name="histogram">A family of that group.</param>
    /// <param name="value">In the recorded unit of the family's buckets.</param>
    public void Record(int series, MetricFamily histogram, long value)
    {
        HistogramBuckets buckets = histogram.Buckets!;
        int first = series + histogram.Offset;
        long[] chunk = Chunk(first >> ChunkBits);
        int at = Padding + (first & (ChunkCells - 1));
        ref long count = ref chunk[at + buckets.IndexOf(value)];
        ref long sum = ref chunk[at + buckets.Count];
        Volatile.Write(ref count, count + 1);
        Volatile.Write(ref sum, sum + value);
    }

    /// <summary>Current value. Any thread.</summary>
    internal long Read(int cell)
    {
        long[]?[] chunks = Volatile.Read(ref _chunks);
        int index = cell >> ChunkBits;
        long[]? chunk = index < chunks.Length ? Volatile.Read(ref chunks[index]) : null;
        return chunk is null ? 0 : Volatile.Read(ref chunk[Padding + (cell & (ChunkCells - 1))]);
    }

    private long[] Chunk(int index)
    {
        long[]?[] chunks = _chunks;
        return index < chunks.Length && chunks[index] is { } chunk ? chunk : Grow(index);
    }

    private long[] Grow(int index)
    {
        if (index >= _chunks.Length)
        {
            var larger = new long[]?[Math.Max(index + 1, _chunks.Length * 2)];
            _chunks.CopyTo(larger, 0);
            Volatile.Write(ref _chunks, larger);
        }

        var chunk = new long[ChunkCells + (2 * Padding)];
        Volatile.Write(ref _chunks[index], chunk);
        return chunk;
    }
}
