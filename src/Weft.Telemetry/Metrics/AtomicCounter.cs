using System.Threading;

namespace Weft.Telemetry.Metrics;

/// <summary>A counter for any thread. Not for loops: they have shards.</summary>
public sealed class AtomicCounter
{
    private long _value;

    public long Value => Volatile.Read(ref _value);

    public void Increment() => Interlocked.Increment(ref _value);

    public void Add(long amount) => Interlocked.Add(ref _value, amount);
}
