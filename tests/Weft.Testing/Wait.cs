using System;
using System.Diagnostics;
using System.Threading;

namespace Weft.Testing;

/// <summary>Waits for what another thread will bring about; never a fixed sleep.</summary>
public static class Wait
{
    /// <summary>Returns once <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not within <see cref="RawPeer.Deadline"/>; the message is <paramref name="otherwise"/>.</exception>
    public static void Until(Func<bool> condition, Func<string> otherwise)
    {
        long start = Stopwatch.GetTimestamp();
        var spin = default(SpinWait);
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(start) > RawPeer.Deadline) throw new TimeoutException(otherwise());
            spin.SpinOnce(sleep1Threshold: 20);
        }
    }
}
