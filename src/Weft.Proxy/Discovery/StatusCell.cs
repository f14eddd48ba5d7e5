using System;
using System.Threading;

namespace Weft.Proxy.Discovery;

/// <summary>The present status; written by discovery's tasks, read by anyone.</summary>
internal sealed class StatusCell
{
    private DiscoveryStatus _current = new();

    public DiscoveryStatus Current => Volatile.Read(ref _current);

    /// <summary><paramref name="change"/> may run more than once.</summary>
    public void Update(Func<DiscoveryStatus, DiscoveryStatus> change)
    {
        while (true)
        {
            var before = Current;
            if (ReferenceEquals(Interlocked.CompareExchange(ref _current, change(before), before), before)) return;
        }
    }
}
