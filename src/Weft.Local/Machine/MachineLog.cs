using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;

namespace Weft.Local.Machine;

/// <summary>One line per event, with time, on the machine's stderr (machine.log); a message that must be said once is said once. Thread-safe.</summary>
public sealed class MachineLog(TextWriter writer, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _said = [];
    private readonly List<string> _notices = [];

    /// <summary>What a person should know of and has not caused to stop anything: fields not honoured, pods that cannot run.</summary>
    public IReadOnlyList<string> Notices
    {
        get
        {
            lock (_gate)
            {
                return [.. _notices];
            }
        }
    }

    public void Say(string message)
    {
        lock (_gate)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {message}"));
            writer.Flush();
        }
    }

    /// <summary>Says it the first time only, and keeps it for the status.</summary>
    public void SayOnce(string message)
    {
        lock (_gate)
        {
            if (!_said.Add(message))
            {
                return;
            }

            _notices.Add(message);
        }

        Say(message);
    }
}
