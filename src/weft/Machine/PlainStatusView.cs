using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Weft.Local;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>A line when something changes, for pipes and logs.</summary>
internal sealed class PlainStatusView : IStatusView
{
    private readonly HashSet<string> _said = [];
    private readonly Dictionary<string, string> _workloads = [];
    private bool _wasReady;

    public Task<bool> ShowAsync(MeshPaths paths, Task machineEnded, CancellationToken cancellation) => StatusLoop.RunAsync(paths, machineEnded, Show, cancellation);

    public void Show(MeshStatus status)
    {
        foreach (string line in (IEnumerable<string>)[.. status.Diagnostics, .. status.Notices])
        {
            if (_said.Add(line))
            {
                Console.Out.WriteLine(line);
            }
        }

        foreach (WorkloadStatus workload in status.Workloads)
        {
            string name = workload.Name + "." + workload.Namespace;
            string line = $"{name} {workload.Ready}/{workload.Wanted} ready" + (workload.Restarts > 0 ? $", {workload.Restarts} restarts" : string.Empty);
            if (_workloads.GetValueOrDefault(name) != line)
            {
                _workloads[name] = line;
                Console.Out.WriteLine(line);
            }
        }

        if (status.Ready != _wasReady)
        {
            _wasReady = status.Ready;
            Console.Out.WriteLine(status.Ready ? $"ready after {status.UptimeSeconds:0.0} s; {StatusText.Doors(status)}" : "not ready");
        }
    }
}
