using System;
using System.Diagnostics.CodeAnalysis;

namespace Weft.Buffers;

/// <summary>
/// Objects by <see cref="SlotToken"/>. Adding and removing are O(1) and allocate only when the table grows. One thread owns a table; nothing here locks.
/// </summary>
/// <typeparam name="T">What lives in the slots.</typeparam>
public sealed class SlotTable<T>
    where T : class
{
    private const int NoSlot = -1;
    private Slot[] _slots;
    private int _firstFree = NoSlot;
    private int _used;

    /// <param name="capacity">Slots made at once; the table doubles when they are taken.</param>
    public SlotTable(int capacity = 64)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _slots = new Slot[capacity];
    }

    /// <summary>Objects now in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Positions ever used: every live index is below it.</summary>
    public int Limit => _used;

    /// <summary>Puts <paramref name="item"/> into a free slot and names this use of it.</summary>
    public SlotToken Add(T item)
    {
        int index = TakeFree();
        ref Slot slot = ref _slots[index];
        slot.Item = item;
        slot.Generation++;
        // Generation 0 would make the token of slot 0 equal to "none".
        if (slot.Generation == 0)
        {
            slot.Generation = 1;
        }

        Count++;
        return new SlotToken(index, slot.Generation);
    }

    /// <summary>Finds the object, or false when that use of the slot has ended.</summary>
    public bool TryGet(SlotToken token, [NotNullWhen(true)] out T? item)
    {
        Slot[] slots = _slots;
        int index = token.Index;
        if ((uint)index < (uint)slots.Length && slots[index].Generation == token.Generation)
        {
            item = slots[index].Item;
            return item is not null;
        }

        item = null;
        return false;
    }

    /// <summary>Ends this use of the slot. False when it had ended before: removing twice harms nobody.</summary>
    public bool Remove(SlotToken token)
    {
        if (!TryGet(token, out _))
        {
            return false;
        }

        ref Slot slot = ref _slots[token.Index];
        slot.Item = null;
        slot.NextFree = _firstFree;
        _firstFree = token.Index;
        Count--;
        return true;
    }

    /// <summary>The object at a position below <see cref="Limit"/>, or null: for sweeps over everything that lives.</summary>
    public T? At(int index) => _slots[index].Item;

    private int TakeFree()
    {
        if (_firstFree != NoSlot)
        {
            int index = _firstFree;
            _firstFree = _slots[index].NextFree;
            return index;
        }

        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, _slots.Length * 2);
        }

        return _used++;
    }

    private struct Slot
    {
        public T? Item;
        public uint Generation;
        public int NextFree;
    }
}
