using System;

namespace Weft.Testing;

/// <summary>Measures what a steady state allocates: zero, where budgets.json says so.</summary>
public static class Allocations
{
    /// <summary>
    /// Bytes allocated by <paramref name="repetitions"/> runs on this thread, after enough warm-up that tiered compilation and lazy statics are done.
    /// </summary>
    public static long Of(int repetitions, Action action)
    {
        for (int i = 0; i < 200; i++) action();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < repetitions; i++) action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
