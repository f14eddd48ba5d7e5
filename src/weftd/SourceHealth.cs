using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace Weft.ControlHost;

/// <summary>Says when the source cannot be read, why, and when it can again: once per change, not once per attempt.</summary>
internal static class SourceHealth
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Looks until cancelled.</summary>
    public static async Task WatchAsync(Func<IReadOnlyList<string>> problems, ILogger log, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        string[] before = [];
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
            {
                string[] now = [.. problems().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
                foreach (string problem in now.Except(before, StringComparer.Ordinal))
                {
                    Messages.SourceUnreadable(log, problem);
                }

                if (before.Length > 0 && now.Length == 0)
                {
                    Messages.SourceReadable(log);
                }

                before = now;
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to stop.
        }
    }
}
