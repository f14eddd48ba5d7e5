using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Weft.Local;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>Asks a machine for its status at a steady pace.</summary>
internal static class StatusLoop
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>Until it is ready for the first time one wants to see every step.</summary>
    private static readonly TimeSpan StartingPace = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs until cancelled (true) or until the machine ends (false).</summary>
    public static async Task<bool> RunAsync(MeshPaths paths, Task machineEnded, Action<MeshStatus> show, CancellationToken cancellation)
    {
        while (!machineEnded.IsCompleted)
        {
            if (cancellation.IsCancellationRequested)
            {
                return true;
            }

            MeshStatus? status = TryAsk(paths);
            if (status is not null)
            {
                show(status);
            }

            TimeSpan pace = status is { Ready: true } ? Pace : StartingPace;
            await Task.WhenAny(machineEnded, Task.Delay(pace, cancellation));
        }

        return cancellation.IsCancellationRequested;
    }

    private static MeshStatus? TryAsk(MeshPaths paths)
    {
        try
        {
            return ControlConnection.Ask(paths, new ControlRequest { Verb = "status" }).Status;
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // It ends just now; the caller sees that next.
            return null;
        }
    }
}
