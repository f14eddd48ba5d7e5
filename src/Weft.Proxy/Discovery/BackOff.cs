using System;

namespace Weft.Proxy.Discovery;

/// <summary>How long to wait before trying again: full jitter under a doubling ceiling, as Envoy does. Pure.</summary>
internal static class BackOff
{
    /// <summary><paramref name="failures"/> counts from 1; <paramref name="draw"/> is uniform in [0, 1).</summary>
    public static TimeSpan Delay(int failures, TimeSpan first, TimeSpan longest, double draw)
    {
        var ceiling = first * Math.Pow(2, Math.Clamp(failures - 1, 0, 30));
        if (ceiling > longest) ceiling = longest;
        // Never zero: many proxies that lose one control plane must not all come back in the same millisecond.
        return TimeSpan.FromMilliseconds(20) + (ceiling * Math.Clamp(draw, 0, 1));
    }
}
