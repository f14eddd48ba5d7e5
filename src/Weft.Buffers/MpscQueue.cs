using System.Diagnostics.CodeAnalysis;
using System.Threading;

namespace Weft.Buffers;

/// <summary>
/// Many producers, one consumer, in order per producer. Producers push with one compare-and-swap; the consumer takes all that was pushed with one
/// exchange and hands it out oldest first.
/// </summary>
/// <typeparam name="T">What waits; an object may wait in one queue at a time.</typeparam>
public sealed class MpscQueue<T>
    where T : MpscNode
{
    // Pushed, newest first; shared by everybody.
    private MpscNode? _pushed;

    // Taken and reversed, oldest first; the consumer's own.
    private MpscNode? _taken;

    /// <summary>Consumer only. True when <see cref="TryTake"/> would find nothing just now.</summary>
    public bool IsEmpty => _taken is null && Volatile.Read(ref _pushed) is null;

    /// <summary>Adds <paramref name="item"/>. Any thread.</summary>
    /// <returns>True when nothing was pushed before it since the consumer last looked: then the consumer may sleep and needs waking.</returns>
    public bool Push(T item)
    {
        MpscNode? head = Volatile.Read(ref _pushed);
        while (true)
        {
            item.Next = head;
            MpscNode? seen = Interlocked.CompareExchange(ref _pushed, item, head);
            if (seen == head)
            {
                return head is null;
            }

            head = seen;
        }
    }

    /// <summary>Takes the oldest item. Consumer only.</summary>
    public bool TryTake([NotNullWhen(true)] out T? item)
    {
        if (_taken is null)
        {
            TakeAll();
        }

        MpscNode? first = _taken;
        if (first is null)
        {
            item = null;
            return false;
        }

        _taken = first.Next;
        first.Next = null;
        item = (T)first;
        return true;
    }

    private void TakeAll()
    {
        MpscNode? node = Interlocked.Exchange(ref _pushed, null);
        while (node is not null)
        {
            MpscNode? next = node.Next;
            node.Next = _taken;
            _taken = node;
            node = next;
        }
    }
}
