using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace Weft.Local.Pods;

/// <summary>What runs in a pod, and with which hands.</summary>
public sealed record PodLaunch
{
    public required PodKind Kind { get; init; }

    /// <summary>The command, split; empty for a router.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Not restarted when it ends (<c>weft run</c>).</summary>
    public bool RunsOnce { get; init; }

    /// <summary>Its descriptors when they are not the log's: stdin, stdout and stderr of <c>weft run</c>.</summary>
    public IReadOnlyDictionary<int, SafeHandle>? Descriptors { get; init; }

    public IReadOnlyDictionary<string, string> ExtraEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>Completes when a command that runs once has ended; faults with what to tell the asker when it could not start.</summary>
    public TaskCompletionSource<int> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
