using System;

namespace Weft.Reactor;

/// <summary>A list that is filled during a turn and emptied at its end; it grows only.</summary>
internal struct Batch<T>
    where T : class
{
    private T[]? _items;
    private int _count;

    public readonly ReadOnlySpan<T> Items => _items.AsSpan(0, _count);

    public void Add(T item)
    {
        _items ??= new T[16];
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        _items[_count++] = item;
    }

    public void Clear()
    {
        if (_count > 0)
        {
            Array.Clear(_items!, 0, _count);
            _count = 0;
        }
    }
}
