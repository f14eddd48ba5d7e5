using System;
using System.Numerics;
using Weft.Buffers;

namespace Weft.Reactor;

/// <summary>
/// Timers of one loop: three wheels of 256 slots of 10 ms, 2.56 s and 11 min. Scheduling, cancelling and moving are O(1); a timer fires up to one tick late,
/// never early. Cancelled by generation: a token whose timer has fired or was cancelled names nothing, whatever has its slot now.
/// Loop thread only; allocates only when more timers run at once than ever before.
/// </summary>
public sealed class TimerWheel
{
    /// <summary>Milliseconds per tick. Coarse on purpose: timeouts are seconds.</summary>
    public const int TickMilliseconds = 10;

    private const int Slots = 256;
    private const int SlotBits = 8;
    private const int Levels = 3;
    private const int None = -1;

    private readonly int[] _heads = new int[Levels * Slots];
    private readonly ulong[] _occupied = new ulong[Levels * Slots / 64];
    private Node[] _nodes = new Node[64];
    private int _firstFree = None;
    private int _used;
    private long _tick;

    /// <param name="nowMilliseconds">The clock's value now; later ones come through <see cref="Advance"/>.</param>
    public TimerWheel(long nowMilliseconds)
    {
        _tick = nowMilliseconds / TickMilliseconds;
        Array.Fill(_heads, None);
    }

    /// <summary>Timers that run.</summary>
    public int Count { get; private set; }

    /// <summary>Calls <paramref name="target"/> after at least <paramref name="delayMilliseconds"/>.</summary>
    /// <param name="delayMilliseconds">From the start of this turn; at most 46 hours, longer ones are cut to that.</param>
    /// <param name="target">Who is called.</param>
    /// <param name="kind">Handed back, to tell the target's timers apart.</param>
    public SlotToken Schedule(long delayMilliseconds, ITimerTarget target, int kind)
    {
        int index = TakeNode();
        ref Node node = ref _nodes[index];
        node.Target = target;
        node.Kind = kind;
        node.Due = DueTick(delayMilliseconds);
        Link(index, node.Due);
        Count++;
        return new SlotToken(index, node.Generation);
    }

    /// <summary>
    /// Moves a timer. Later is the usual case (an idle timer at every request) and only writes the new time: the timer is put where it belongs when its
    /// old time comes.
    /// </summary>
    /// <returns>False when it has fired or was cancelled.</returns>
    public bool Reschedule(SlotToken token, long delayMilliseconds)
    {
        if (!IsRunning(token))
        {
            return false;
        }

        ref Node node = ref _nodes[token.Index];
        long due = DueTick(delayMilliseconds);
        bool later = due >= node.Due;
        node.Due = due;
        if (!later)
        {
            Unlink(token.Index);
            Link(token.Index, due);
        }

        return true;
    }

    /// <summary>Cancels a timer.</summary>
    /// <returns>False when it had fired or was cancelled before: cancelling twice harms nobody.</returns>
    public bool Cancel(SlotToken token)
    {
        if (!IsRunning(token))
        {
            return false;
        }

        Unlink(token.Index);
        Free(token.Index);
        return true;
    }

    /// <summary>True while the timer has neither fired nor been cancelled.</summary>
    public bool IsRunning(SlotToken token) =>
        (uint)token.Index < (uint)_used && !token.IsNone && _nodes[token.Index].Generation == token.Generation && _nodes[token.Index].Target is not null;

    /// <summary>Fires what is due, oldest tick first. A target may schedule and cancel meanwhile; what it schedules fires in a later turn.</summary>
    /// <returns>Timers fired.</returns>
    public int Advance(long nowMilliseconds)
    {
        long now = nowMilliseconds / TickMilliseconds;
        int fired = 0;
        while (_tick < now)
        {
            if (Count == 0)
            {
                _tick = now;
                break;
            }

            // Nothing can be due before the next occupied slot or the next turn of this wheel, whichever is first.
            _tick = Math.Min(now, NextStop());
            Cascade();
            fired += FireSlot((int)(_tick & (Slots - 1)));
        }

        return fired;
    }

    /// <summary>Milliseconds to the next tick worth waking for, or -1 when no timer runs.</summary>
    public int MillisecondsToNext(long nowMilliseconds)
    {
        if (Count == 0)
        {
            return -1;
        }

        long wait = (NextStop() * TickMilliseconds) - nowMilliseconds;
        return (int)Math.Clamp(wait, 0, int.MaxValue);
    }

    // +1: a tick that has begun does not count as waited for.
    private long DueTick(long delayMilliseconds)
    {
        long ticks = (Math.Max(delayMilliseconds, 0) + TickMilliseconds - 1) / TickMilliseconds;
        return _tick + 1 + Math.Min(ticks, (1L << (SlotBits * Levels)) - 2);
    }

    private long NextStop()
    {
        int from = (int)(_tick & (Slots - 1)) + 1;
        for (int word = from >> 6; word < Slots / 64; word++)
        {
            ulong bits = _occupied[word];
            if (word == from >> 6)
            {
                bits &= ulong.MaxValue << (from & 63);
            }

            if (bits != 0)
            {
                return (_tick & ~(long)(Slots - 1)) + (word * 64) + BitOperations.TrailingZeroCount(bits);
            }
        }

        return (_tick | (Slots - 1)) + 1;
    }

    // When a wheel comes round, the next slot of the slower wheel is spread over it.
    private void Cascade()
    {
        for (int level = 1; level < Levels && (_tick & ((1L << (SlotBits * level)) - 1)) == 0; level++)
        {
            int slot = (level * Slots) + (int)((_tick >> (SlotBits * level)) & (Slots - 1));
            for (int index = TakeSlot(slot); index != None;)
            {
                int next = _nodes[index].Next;
                Link(index, Math.Max(_nodes[index].Due, _tick));
                index = next;
            }
        }
    }

    private int FireSlot(int slot)
    {
        int fired = 0;
        // One at a time from the head: a target that cancels its neighbour must not leave us holding a freed node.
        while (_heads[slot] is int index and not None)
        {
            Unlink(index);
            ref Node node = ref _nodes[index];
            if (node.Due > _tick)
            {
                Link(index, node.Due);
                continue;
            }

            ITimerTarget target = node.Target!;
            int kind = node.Kind;
            Free(index);
            fired++;
            target.OnTimer(kind);
        }

        return fired;
    }

    private void Link(int index, long due)
    {
        long distance = due - _tick;
        int level = distance < Slots ? 0 : distance < 1L << (2 * SlotBits) ? 1 : 2;
        int slot = (level * Slots) + (int)((due >> (SlotBits * level)) & (Slots - 1));
        ref Node node = ref _nodes[index];
        node.Slot = slot;
        node.Previous = None;
        node.Next = _heads[slot];
        if (node.Next != None)
        {
            _nodes[node.Next].Previous = index;
        }

        _heads[slot] = index;
        _occupied[slot >> 6] |= 1UL << (slot & 63);
    }

    private void Unlink(int index)
    {
        ref Node node = ref _nodes[index];
        if (node.Previous == None)
        {
            _heads[node.Slot] = node.Next;
            if (node.Next == None)
            {
                _occupied[node.Slot >> 6] &= ~(1UL << (node.Slot & 63));
            }
        }
        else
        {
            _nodes[node.Previous].Next = node.Next;
        }

        if (node.Next != None)
        {
            _nodes[node.Next].Previous = node.Previous;
        }
    }

    private int TakeSlot(int slot)
    {
        int first = _heads[slot];
        _heads[slot] = None;
        _occupied[slot >> 6] &= ~(1UL << (slot & 63));
        return first;
    }

    private int TakeNode()
    {
        if (_firstFree != None)
        {
            int index = _firstFree;
            _firstFree = _nodes[index].Next;
            return index;
        }

        if (_used == _nodes.Length)
        {
            Array.Resize(ref _nodes, _nodes.Length * 2);
        }

        _nodes[_used].Generation = 1;
        return _used++;
    }

    private void Free(int index)
    {
        ref Node node = ref _nodes[index];
        node.Target = null;
        node.Generation = node.Generation == uint.MaxValue ? 1 : node.Generation + 1;
        node.Next = _firstFree;
        _firstFree = index;
        Count--;
    }

    private struct Node
    {
        public ITimerTarget? Target;
        public long Due;
        public uint Generation;
        public int Kind;
        public int Slot;
        public int Next;
        public int Previous;
    }
}
