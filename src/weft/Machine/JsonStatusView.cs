using System;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.Local;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>One line of JSON (<see cref="MeshStatus"/>) per second, for programs.</summary>
internal sealed class JsonStatusView : IStatusView
{
    public Task<bool> ShowAsync(MeshPaths paths, Task machineEnded, CancellationToken cancellation) => StatusLoop.RunAsync(paths, machineEnded, Show, cancellation);

    public void Show(MeshStatus status) => Console.Out.WriteLine(JsonSerializer.Serialize(status, ControlJson.Default.MeshStatus));
}
