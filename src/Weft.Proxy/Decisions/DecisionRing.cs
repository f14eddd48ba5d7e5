using System;
using System.Threading;

namespace Weft.Proxy.Decisions;

/// <summary>
/// The last decisions of one loop, overwritten oldest first. The loop writes; admin reads copies and drops those that changed under its eyes
/// (a sequence number before and after, odd while being written).
/// </summary>
internal sealed class DecisionRing
{
    /// <summary>Records kept. 1,024 of about 200 bytes: minutes of a workload, 200 KiB.</summary>
    public const int Capacity = 1024;
    private readonly DecisionRecord[] _records = new DecisionRecord[Capacity];
    private readonly long[] _sequence = new long[Capacity];
    private long _next;

    /// <summary>Writes one. Loop thread only; no allocation.</summary>
    public void Write(in DecisionRecord record)
    {
        int slot = (int)(_next & (Capacity - 1));
        long sequence = _next * 2;
        Volatile.Write(ref _sequence[slot], sequence + 1);
        Interlocked.MemoryBarrier();
        _records[slot] = record;
        Volatile.Write(ref _sequence[slot], sequence + 2);
        _next++;
    }

    /// <summary>Calls <paramref name="visit"/> with a copy of each record whose request id begins with <paramref name="requestId"/> (empty: all). Any thread.</summary>
    public void Visit(ReadOnlySpan<byte> requestId, Action<DecisionRecord> visit)
    {
        for (int slot = 0; slot < Capacity; slot++)
        {
            long before = Volatile.Read(ref _sequence[slot]);
            if (before == 0 || (before & 1) != 0) continue;
            var copy = _records[slot];
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _sequence[slot]) != before) continue;
            ReadOnlySpan<byte> text = copy.RequestId;
            if (text.StartsWith(requestId)) visit(copy);
        }
    }
}
