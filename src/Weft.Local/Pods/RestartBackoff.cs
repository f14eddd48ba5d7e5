using System;

namespace Weft.Local.Pods;

/// <summary>How long to wait before a crashed process is started again: 0.2 s, doubling to 30 s; a process that lived long enough starts over.</summary>
public sealed class RestartBackoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private TimeSpan _next = First;

    /// <summary>A process that lived this long is taken for healthy.</summary>
    public static TimeSpan Stable { get; } = TimeSpan.FromSeconds(30);

    /// <param name="lived">How long the process that has just ended had run.</param>
    public TimeSpan Next(TimeSpan lived)
    {
        if (lived >= Stable)
        {
            _next = First;
        }

        TimeSpan delay = _next;
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay;
    }
}
