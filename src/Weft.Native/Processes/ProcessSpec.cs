using System.Collections.Generic;
using System.Runtime.InteropServices;

namespace Weft.Native.Processes;

/// <summary>What to start: an executable by absolute path, its words, its whole environment and exactly the descriptors it gets.</summary>
public sealed record ProcessSpec
{
    /// <summary>Absolute path of the executable. It is also argv[0].</summary>
    public required string Path { get; init; }

    /// <summary>The words after argv[0].</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The whole environment; nothing is inherited.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it starts; null means where we are.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Number in the child → our descriptor. Numbers 0, 1 and 2 that are not named are /dev/null. Every other descriptor of
    /// ours is close-on-exec and so stays here.
    /// </summary>
    public IReadOnlyDictionary<int, SafeHandle> Descriptors { get; init; } = new Dictionary<int, SafeHandle>();

    /// <summary>A session of its own: no controlling terminal, so that a Ctrl-C meant for us is not delivered to it.</summary>
    public bool NewSession { get; init; }

    /// <summary>The child is process 1 of a new process id namespace; when it ends, the kernel ends everything in it.</summary>
    public bool NewProcessIds { get; init; }
}
