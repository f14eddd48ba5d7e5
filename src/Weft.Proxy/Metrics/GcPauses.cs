using System;
using System.Threading;

namespace Weft.Proxy.Metrics;

/// <summary>
/// Longest pause of a garbage collection. An object that is collected at once, finalised, and made again sees every collection of its generation;
/// it costs one small object for each. Any thread.
/// </summary>
internal sealed class GcPauses
{
    private long _longestTicks;

    public GcPauses() => _ = new Canary(this);

    public TimeSpan Longest => TimeSpan.FromTicks(Math.Max(Volatile.Read(ref _longestTicks), Latest()));

    public void Reset() => Volatile.Write(ref _longestTicks, 0);

    private static long Latest()
    {
        long longest = 0;
        foreach (var pause in GC.GetGCMemoryInfo(GCKind.Any).PauseDurations) longest = Math.Max(longest, pause.Ticks);
        return longest;
    }

    private void Look()
    {
        long latest = Latest();
        long seen;
        while (latest > (seen = Volatile.Read(ref _longestTicks)) && Interlocked.CompareExchange(ref _longestTicks, latest, seen) != seen)
        {
        }
    }

    private sealed class Canary(GcPauses owner)
    {
        ~Canary()
        {
            if (Environment.HasShutdownStarted) return;
            owner.Look();
            _ = new Canary(owner);
        }
    }
}
