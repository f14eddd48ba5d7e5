using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.CommandLine.Output;
using Weft.Local;
using Weft.Local.Control;
using Weft.Native.Processes;

namespace Weft.CommandLine.Machine;

/// <summary>
/// A command that runs inside the mesh with this process's stdin, stdout and stderr: they are passed as descriptors, so that
/// nothing is copied and a terminal stays a terminal. Signals go along; its exit code is ours.
/// </summary>
internal static class Attached
{
    public static Task<int> RunAsync(MeshPaths mesh, ControlRequest request, OutputFormat format) => Task.Run(() => Run(mesh, request, format));

    private static int Run(MeshPaths mesh, ControlRequest request, OutputFormat format)
    {
        using ControlConnection connection = Open(mesh);
        using SafeFileHandle input = new(0, ownsHandle: false);
        using SafeFileHandle output = new(1, ownsHandle: false);
        using SafeFileHandle error = new(2, ownsHandle: false);
        // JSON has stdout for itself; what the command prints goes to stderr.
        connection.Send(request, [input, format == OutputFormat.Json ? error : output, error]);
        List<PosixSignalRegistration> signals = [.. Forward(connection)];
        try
        {
            string pod = string.Empty;
            while (connection.ReceiveReply() is { } reply)
            {
                if (reply.Error is { } problem)
                {
                    throw new CommandException(problem, exitCode: 125);
                }

                pod = reply.Pod ?? pod;
                if (reply.Exit is { } exit)
                {
                    Tell(pod, exit, format);
                    return exit;
                }
            }

            throw new CommandException("the mesh ended while the command ran", exitCode: 125);
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }
    }

    private static ControlConnection Open(MeshPaths mesh)
    {
        try
        {
            return ControlConnection.Open(mesh);
        }
        catch (InvalidOperationException exception)
        {
            throw new CommandException(exception.Message);
        }
    }

    private static IEnumerable<PosixSignalRegistration> Forward(ControlConnection connection)
    {
        (PosixSignal Signal, int Number)[] passed =
        [
            (PosixSignal.SIGINT, Signals.Interrupt), (PosixSignal.SIGTERM, Signals.Terminate), (PosixSignal.SIGHUP, Signals.Hangup), (PosixSignal.SIGQUIT, Signals.Quit),
        ];
        foreach ((PosixSignal signal, int number) in passed)
        {
            yield return PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                try
                {
                    connection.Send(new ControlRequest { Verb = "signal", Signal = number });
                }
                catch (Exception exception) when (exception is IOException or ObjectDisposedException)
                {
                    // The machine is gone; the reading side says so.
                }
            });
        }
    }

    private static void Tell(string pod, int exit, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            JsonOutput.Write(Console.Out, json =>
            {
                json.WriteStartObject();
                json.WriteString("pod", pod);
                json.WriteNumber("exitCode", exit);
                json.WriteEndObject();
            });
        }
    }
}
