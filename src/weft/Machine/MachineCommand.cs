using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using Microsoft.Win32.SafeHandles;
using Weft.CommandLine.Output;
using Weft.Local;
using Weft.Local.Machine;
using Weft.Native.Processes;

namespace Weft.CommandLine.Machine;

/// <summary>The hidden verb that <c>weft up</c> starts inside the namespaces: process 1 of a machine.</summary>
internal static class MachineCommand
{
    public static Command Create()
    {
        Option<string> directory = new("--directory") { Required = true };
        Option<string> state = new("--state") { Required = true };
        Option<string> run = new("--run-directory") { Required = true };
        Option<string> binaries = new("--binaries") { Required = true };
        Option<string> mutualTls = new("--default-mtls") { DefaultValueFactory = _ => "STRICT" };
        Option<bool> root = new("--root");
        Option<int?> lifeline = new("--lifeline");
        Option<string[]> doors = new("--door");
        Option<string[]> commands = new("--run");
        Command command = new("machine", "Runs a machine; started by weft up") { directory, state, run, binaries, mutualTls, root, lifeline, doors, commands };
        command.Hidden = true;
        command.SetBody(async (parsed, _) =>
        {
            InheritedDescriptor.SealAll();
            Dictionary<int, SafeFileHandle> sockets = [];
            Dictionary<int, string> addresses = [];
            foreach (string door in parsed.GetValue(doors) ?? [])
            {
                int[] parts = Array.ConvertAll(door.Split('='), part => int.Parse(part, CultureInfo.InvariantCulture));
                sockets[parts[0]] = InheritedDescriptor.Take(parts[1]);
                addresses[parts[0]] = "127.0.0.1:" + parts[2].ToString(CultureInfo.InvariantCulture);
            }

            MachineOptions options = new()
            {
                Paths = new MeshPaths { Directory = parsed.GetRequiredValue(directory), StateDirectory = parsed.GetRequiredValue(state), RunDirectory = parsed.GetRequiredValue(run) },
                IsRoot = parsed.GetValue(root),
                Lifeline = parsed.GetValue(lifeline) is { } number ? InheritedDescriptor.Take(number) : null,
                Doors = sockets,
                DoorAddresses = addresses,
                BinaryDirectory = parsed.GetRequiredValue(binaries),
                Commands = RunOption.Parse(parsed.GetValue(commands) ?? []),
                DefaultMutualTls = parsed.GetRequiredValue(mutualTls),
                HostPath = Environment.GetEnvironmentVariable("PATH") ?? "/usr/sbin:/usr/bin:/sbin:/bin",
            };
            using FileStream alone = OpenLock(options.Paths);
            MachineLog log = new(Console.Error, TimeProvider.System);
            using MachineHost host = new(options, log);
            try
            {
                // Not a return: watchers hold their connections, and a polite web server would wait for them. The kernel does not.
                Environment.Exit(await host.RunAsync());
                return 0;
            }
            catch (Exception exception) when (exception is InvalidOperationException or IOException or UnauthorizedAccessException or InvalidDataException)
            {
                log.Say($"the machine cannot run: {exception.Message}");
                return 1;
            }
        });
        return command;
    }

    /// <summary>One machine per state directory: the lock goes with the process.</summary>
    private static FileStream OpenLock(MeshPaths paths)
    {
        try
        {
            return new FileStream(Path.Combine(paths.StateDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new CommandException($"another machine uses {paths.StateDirectory}: {paths.Directory} is up already");
        }
    }
}
