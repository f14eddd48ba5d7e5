using System;
using System.Collections.Generic;
using System.Threading;

namespace Weft.Identity;

/// <summary>A token bucket per caller, so that one pod cannot keep the CA busy (attacks.md T60). Any thread; bounded memory.</summary>
internal sealed class CallerBudget(int burst, TimeSpan refill, int capacity)
{
    private readonly Lock _lock = new();
    // When the caller's bucket will be full again: one number says how empty it is.
    private readonly Dictionary<string, DateTimeOffset> _fullAt = [];

    public bool TryTake(string caller, DateTimeOffset now)
    {
        lock (_lock)
        {
            var fullAt = _fullAt.TryGetValue(caller, out var at) && at > now ? at : now;
            if (fullAt - now > refill * (burst - 1)) return false;
            if (_fullAt.Count >= capacity) Forget(now);
            _fullAt[caller] = fullAt + refill;
            return true;
        }
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (caller, fullAt) in _fullAt)
        {
            if (fullAt <= now) _fullAt.Remove(caller);
        }

        if (_fullAt.Count >= capacity) _fullAt.Clear();
    }
}
