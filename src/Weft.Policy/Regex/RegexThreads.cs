using System;

namespace Weft.Policy.Regex;

/// <summary>Threads of a simulation, in order of preference: a sparse set of instructions, with the captures of each.</summary>
internal ref struct RegexThreads(Span<int> sparse, Span<int> dense, Span<int> captures, int slots)
{
    private readonly Span<int> _sparse = sparse;
    private readonly Span<int> _dense = dense;
    private readonly Span<int> _captures = captures;

    public int Count { get; private set; }

    public readonly int this[int index] => _dense[index];

    public readonly Span<int> Captures(int index) => _captures.Slice(index * slots, slots);

    /// <summary>False when the instruction is there already: an earlier thread is preferred. Stale content of the arrays does no harm.</summary>
    public bool TryAdd(int instruction)
    {
        int at = _sparse[instruction];
        if ((uint)at < (uint)Count && _dense[at] == instruction)
            return false;
        _sparse[instruction] = Count;
        _dense[Count++] = instruction;
        return true;
    }

    public void Clear() => Count = 0;
}
