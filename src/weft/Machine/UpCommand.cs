using System;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Output;
using Weft.Local;
using Weft.Local.Control;
using Weft.Local.Launch;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft up DIR</c>: runs the mesh of a directory on this machine until Ctrl-C (or, detached, until <c>weft down</c>).</summary>
internal static class UpCommand
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan DetachedReadyTimeout = TimeSpan.FromSeconds(60);

    public static Command Create()
    {
        Argument<string> directory = new("DIR") { Description = "folder of Kubernetes and Istio manifests" };
        Option<bool> detach = new("--detach", "-d") { Description = "return when it is ready and leave it running" };
        Option<string[]> doors = DoorOption.Create();
        Option<string[]> commands = RunOption.Create();
        Option<string> mutualTls = new("--default-mtls") { Description = "STRICT or PERMISSIVE, where no PeerAuthentication says", DefaultValueFactory = _ => "STRICT" };
        mutualTls.AcceptOnlyFromAmong("STRICT", "PERMISSIVE");
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("up", "Run the mesh of a folder on this machine") { directory, detach, doors, commands, mutualTls, output };
        command.SetBody((parsed, _) => UpAsync(
            new LaunchOptions
            {
                Paths = PathsOf(parsed.GetRequiredValue(directory)),
                Doors = DoorOption.Parse(parsed.GetValue(doors) ?? []),
                Commands = RunOption.Parse(parsed.GetValue(commands) ?? []),
                IsDetached = parsed.GetValue(detach),
                DefaultMutualTls = parsed.GetRequiredValue(mutualTls),
            },
            parsed.GetValue(output)));
        return command;
    }

    private static async Task<int> UpAsync(LaunchOptions options, OutputFormat format)
    {
        // Before the machine exists: a Ctrl-C in between must find a hand.
        using CancellationTokenSource interrupted = new();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            interrupted.Cancel();
        }

        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using PosixSignalRegistration hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        using MachineLauncher machine = Launch(options);
        try
        {
            await AnswerAsync(machine, interrupted.Token);
            IStatusView view = StatusViews.Choose(format, options.IsDetached);
            return options.IsDetached
                ? await UntilReadyAsync(machine, view, interrupted.Token)
                : await view.ShowAsync(machine.Paths, machine.Ended, interrupted.Token) ? 0 : Died(machine);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            if (!options.IsDetached || interrupted.IsCancellationRequested)
            {
                await machine.StopAsync();
            }
        }
    }

    private static MachineLauncher Launch(LaunchOptions options)
    {
        try
        {
            return MachineLauncher.Start(options);
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            throw new CommandException(exception.Message);
        }
    }

    /// <summary>Waits until the machine's control socket answers.</summary>
    private static async Task AnswerAsync(MachineLauncher machine, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(AnswerTimeout);
        while (!MachineLauncher.IsRunning(machine.Paths))
        {
            if (machine.Ended.IsCompleted)
            {
                throw new CommandException("the machine could not be started. " + Explain(machine.LastWords()));
            }

            cancellation.ThrowIfCancellationRequested();
            if (limit.IsCancellationRequested)
            {
                throw new CommandException($"the machine does not answer. Its log says:\n{machine.LastWords()}");
            }

            await Task.Delay(20, cancellation);
        }
    }

    private static async Task<int> UntilReadyAsync(MachineLauncher machine, IStatusView view, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(DetachedReadyTimeout);
        while (true)
        {
            MeshStatus status = Ask(machine.Paths);
            if (status.Ready)
            {
                view.Show(status);
                return 0;
            }

            if (limit.IsCancellationRequested)
            {
                cancellation.ThrowIfCancellationRequested();
                view.Show(status);
                Console.Error.WriteLine("weft: not everything is ready yet; it goes on in the background. weft logs POD says why, weft down ends it.");
                return 1;
            }

            await Task.Delay(100, cancellation);
        }
    }

    private static MeshStatus Ask(MeshPaths paths)
    {
        try
        {
            return ControlConnection.Ask(paths, new ControlRequest { Verb = "status" }).Status ?? throw new CommandException("the machine gave no status");
        }
        catch (InvalidOperationException exception)
        {
            throw new CommandException(exception.Message);
        }
    }

    private static int Died(MachineLauncher machine)
    {
        Console.Error.WriteLine("weft: the machine ended. " + machine.LastWords());
        return 1;
    }

    /// <summary>unshare's own words are short; what to do about them is not in them.</summary>
    private static string Explain(string log) => log.Contains("unshare", StringComparison.Ordinal) || log.Contains("Operation not permitted", StringComparison.Ordinal)
        ? log + "\nNamespaces are not allowed here; weft x precheck says what to do."
        : log.Length > 0 ? "Its log says:\n" + log : "It left no word; weft x precheck checks what it needs.";

    private static MeshPaths PathsOf(string directory) => Directory.Exists(directory)
        ? MeshPaths.For(directory)
        : throw new CommandException($"there is no folder {directory}", exitCode: 2);
}
