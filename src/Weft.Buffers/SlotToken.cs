namespace Weft.Buffers;

/// <summary>
/// Names one use of one slot: index in the low half, generation in the high half. The kernel carries it in <c>epoll_data</c>; an event for a slot
/// that has been used again since carries an old generation and finds nobody. <c>default</c> names nothing.
/// </summary>
public readonly record struct SlotToken(ulong Value)
{
    /// <summary>Makes the token of <paramref name="index"/> in its <paramref name="generation"/>-th use.</summary>
    public SlotToken(int index, uint generation)
        : this(((ulong)generation << 32) | (uint)index)
    {
    }

    /// <summary>Position in the table.</summary>
    public int Index => (int)(uint)Value;

    /// <summary>Which use of that position; never 0 for a token that a table gave out.</summary>
    public uint Generation => (uint)(Value >> 32);

    /// <summary>True for <c>default</c>: no slot.</summary>
    public bool IsNone => Value == 0;
}
