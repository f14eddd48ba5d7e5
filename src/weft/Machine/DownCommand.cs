using System;
using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Local;
using Weft.Local.Control;
using Weft.Local.Launch;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft down [DIR]</c>: ends a running mesh; with <c>--purge</c> its state directory goes too.</summary>
internal static class DownCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create()
    {
        Argument<string?> directory = new("DIR") { Description = "folder of the mesh, where several run", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<bool> purge = new("--purge") { Description = "remove its journal and certificate authority as well" };
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("down", "End a running mesh") { directory, mesh, purge, output };
        command.SetBody(async (parsed, cancellation) =>
        {
            string? wanted = parsed.GetValue(directory) ?? parsed.GetValue(mesh);
            MeshPaths paths = parsed.GetValue(purge) && wanted is not null ? MeshPaths.For(wanted) : MeshFinder.Find(wanted);
            bool wasUp = await EndAsync(paths, cancellation);
            bool purged = parsed.GetValue(purge) && Directory.Exists(paths.StateDirectory);
            if (purged)
            {
                Directory.Delete(paths.StateDirectory, recursive: true);
            }

            Tell(paths, wasUp, purged, parsed.GetValue(output));
            return wasUp || purged ? 0 : 1;
        });
        return command;
    }

    private static async Task<bool> EndAsync(MeshPaths paths, CancellationToken cancellation)
    {
        if (!MachineLauncher.IsRunning(paths))
        {
            return false;
        }

        try
        {
            ControlConnection.Ask(paths, new ControlRequest { Verb = "down" });
        }
        catch (InvalidOperationException)
        {
            // It ended between the two questions.
        }

        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        while (Directory.Exists(paths.RunDirectory))
        {
            if (limit.IsCancellationRequested)
            {
                throw new CommandException($"it does not end; its log: {paths.MachineLog}");
            }

            await Task.Delay(20, cancellation);
        }

        return true;
    }

    private static void Tell(MeshPaths paths, bool wasUp, bool purged, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            JsonOutput.Write(Console.Out, json =>
            {
                json.WriteStartObject();
                json.WriteString("directory", paths.Directory);
                json.WriteBoolean("wasUp", wasUp);
                json.WriteBoolean("purged", purged);
                json.WriteEndObject();
            });
            return;
        }

        Console.Out.WriteLine((wasUp ? $"{paths.Directory} is down" : $"{paths.Directory} was not up") + (purged ? "; its state is removed" : string.Empty));
    }
}
