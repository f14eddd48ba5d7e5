using System;
using System.Numerics;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// A loop's memory of which series belongs to which key, so that a request finds its cells without text, lock or allocation. Loop thread only.
/// When it is full it forgets everything: the registry still knows, and asking it again is merely slow.
/// </summary>
public sealed class SeriesCache
{
    private readonly SeriesKey[] _keys;
    private readonly int[] _cells;
    private readonly int _mask;
    private int _count;

    /// <param name="capacity">Most keys remembered. Memory: 40 bytes for each.</param>
    public SeriesCache(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        // At most half full, so that probing stays short.
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        _keys = new SeriesKey[size];
        _cells = new int[size];
        _mask = size - 1;
    }

    public bool TryGet(in SeriesKey key, out int cell)
    {
        int at = Find(key);
        cell = _cells[at] - 1;
        return cell >= 0;
    }

    /// <summary>Remembers what the registry answered.</summary>
    public void Add(in SeriesKey key, int cell)
    {
        if (_count * 2 >= _keys.Length)
        {
            Array.Clear(_cells);
            _count = 0;
        }

        int at = Find(key);
        if (_cells[at] == 0) _count++;
        _keys[at] = key;
        _cells[at] = cell + 1;
    }

    /// <summary>The slot of the key, or the empty one where it would go. A cell is stored plus one, so that zero means empty.</summary>
    private int Find(in SeriesKey key)
    {
        ulong hash = (key.High * 0x9E3779B97F4A7C15UL) ^ BitOperations.RotateLeft(key.Low * 0xC2B2AE3D27D4EB4FUL, 31);
        int at = (int)(hash >> 32) & _mask;
        while (_cells[at] != 0 && _keys[at] != key) at = (at + 1) & _mask;
        return at;
    }
}
