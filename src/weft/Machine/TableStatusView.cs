using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Spectre.Console;
using Spectre.Console.Rendering;
using Weft.Local;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary>A table that refreshes in place: what <c>weft up</c> shows on a terminal.</summary>
internal sealed class TableStatusView : IStatusView
{
    private const int MostMessages = 8;

    public async Task<bool> ShowAsync(MeshPaths paths, Task machineEnded, CancellationToken cancellation)
    {
        bool cancelled = false;
        await AnsiConsole.Live(new Text("starting …")).StartAsync(async live =>
            cancelled = await StatusLoop.RunAsync(paths, machineEnded, status =>
            {
                live.UpdateTarget(Render(status));
                live.Refresh();
            }, cancellation));
        return cancelled;
    }

    public void Show(MeshStatus status) => AnsiConsole.Write(Render(status));

    private static Rows Render(MeshStatus status)
    {
        Table table = new Table { Border = TableBorder.Simple }
            .AddColumn("workload")
            .AddColumn(new TableColumn("ready").RightAligned())
            .AddColumn(new TableColumn("requests/s").RightAligned())
            .AddColumn(new TableColumn("errors").RightAligned())
            .AddColumn(new TableColumn("p99").RightAligned())
            .AddColumn(new TableColumn("mTLS").RightAligned());
        foreach (WorkloadStatus workload in status.Workloads)
        {
            bool isReady = workload.Ready >= workload.Wanted;
            table.AddRow(
                new Text($"{workload.Name}.{workload.Namespace}"),
                new Text($"{workload.Ready}/{workload.Wanted}", new Style(isReady ? Color.Green : Color.Yellow)),
                new Text(StatusText.Rate(workload.RequestsPerSecond)),
                new Text(StatusText.Share(workload.ErrorShare), new Style(workload.ErrorShare > 0 ? Color.Red : Color.Default)),
                new Text(StatusText.Milliseconds(workload.P99Milliseconds)),
                new Text(StatusText.Share(workload.MutualTlsShare)));
        }

        string head = status.Ready ? $"ready · {StatusText.Doors(status)} · Ctrl-C ends all" : status.WeftdRunning ? "starting …" : "starting … weftd is not running yet";
        IRenderable[] messages = [.. status.Diagnostics.Concat(status.Notices).TakeLast(MostMessages).Select(message => new Text(message, new Style(Color.Yellow)))];
        return new Rows([new Text($"{status.Directory} ({status.Mode})"), new Text(head, new Style(status.Ready ? Color.Green : Color.Yellow)), table, .. messages]);
    }
}
