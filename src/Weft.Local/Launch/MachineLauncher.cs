using System;
using System.Collections;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.Local.Control;
using Weft.Local.Pods;
using Weft.Native.Processes;

namespace Weft.Local.Launch;

/// <summary>
/// The host's side of a machine: opens the doors and the lifeline, then starts <c>unshare</c>, which makes the namespaces before
/// any .NET code runs in them. While it lives it is the machine's life; a detached machine has its own.
/// </summary>
public sealed class MachineLauncher : IDisposable
{
    private const int LifelineNumber = 3;
    private const int FirstDoorNumber = 4;

    /// <summary>Stays outside the namespaces until the machine has ended, however it ended, and removes what it had on the host.</summary>
    private const string JanitorScript = "\"$@\"; code=$?; /bin/rm -rf -- \"$0\"; /bin/rmdir -- \"${0%/*}\" 2>/dev/null; exit $code";

    private readonly ChildProcess _janitor;
    private readonly Pipe? _lifeline;

    private MachineLauncher(ChildProcess janitor, Pipe? lifeline, MeshPaths paths)
    {
        _janitor = janitor;
        _lifeline = lifeline;
        Paths = paths;
    }

    public MeshPaths Paths { get; }

    /// <summary>Completes when nothing of the machine is left.</summary>
    public Task<int> Ended => _janitor.Exited;

    /// <summary>Starts a machine.</summary>
    /// <exception cref="InvalidOperationException">It runs already, a port is taken, or something is missing; the message says what to do.</exception>
    public static MachineLauncher Start(LaunchOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MeshPaths paths = options.Paths;
        if (IsRunning(paths))
        {
            throw new InvalidOperationException($"{paths.Directory} is up already. Edits to its files apply live; weft down ends it.");
        }

        InheritedDescriptor.SealAll();
        Dictionary<int, Socket> doors = OpenDoors(options.Doors);
        try
        {
            if (Directory.Exists(paths.RunDirectory))
            {
                // Of a machine that died together with its janitor.
                Directory.Delete(paths.RunDirectory, recursive: true);
            }

            paths.Create();
            Pipe? lifeline = options.IsDetached ? null : Pipe.Create();
            using SafeFileHandle log = AppendFile.Open(paths.MachineLog);
            Dictionary<int, SafeHandle> descriptors = new() { [1] = log, [2] = log };
            if (lifeline is not null)
            {
                descriptors[LifelineNumber] = lifeline.Reader;
            }

            List<string> words = [.. MachineWords(options, lifeline is not null)];
            int number = FirstDoorNumber;
            foreach ((int port, Socket door) in doors)
            {
                descriptors[number] = door.SafeHandle;
                words.AddRange(["--door", string.Create(CultureInfo.InvariantCulture, $"{port}={number}={((IPEndPoint)door.LocalEndPoint!).Port}")]);
                number++;
            }

            ChildProcess janitor = ChildProcess.Start(new ProcessSpec
            {
                Path = "/bin/sh",
                Arguments = ["-c", JanitorScript, paths.RunDirectory, Tool.Require("unshare"), .. Namespaces(), "--", .. words],
                Environment = OurEnvironment(),
                Descriptors = descriptors,
                NewSession = true,
            });
            lifeline?.Reader.Dispose();
            return new MachineLauncher(janitor, lifeline, paths);
        }
        finally
        {
            // The machine has its own copies; ours would keep the ports busy after it.
            foreach (Socket door in doors.Values)
            {
                door.Dispose();
            }
        }
    }

    /// <summary>True when a machine answers for this directory.</summary>
    public static bool IsRunning(MeshPaths paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (!File.Exists(paths.ControlSocket))
        {
            return false;
        }

        try
        {
            ControlConnection.Open(paths).Dispose();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Ends the machine and waits until nothing is left.</summary>
    public async Task StopAsync()
    {
        try
        {
            ControlConnection.Ask(Paths, new ControlRequest { Verb = "down" });
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException)
        {
            // It is on its way already, or never came up; the lifeline does the rest.
        }

        _lifeline?.Dispose();
        TimeSpan patience = TimeSpan.FromSeconds(10);
        if (await Task.WhenAny(_janitor.Exited, Task.Delay(patience)) != _janitor.Exited)
        {
            _janitor.Signal(Signals.Kill);
        }
    }

    /// <summary>The end of the machine's log, for when it did not come up.</summary>
    public string LastWords()
    {
        const int lines = 15;
        return File.Exists(Paths.MachineLog) ? string.Join('\n', File.ReadLines(Paths.MachineLog).TakeLast(lines)) : string.Empty;
    }

    public void Dispose() => _lifeline?.Dispose();

    private static string[] Namespaces() =>
    [
        .. MeshPaths.IsRoot ? Array.Empty<string>() : ["--user", "--map-root-user"],
        "--net", "--mount", "--pid", "--ipc", "--uts", "--mount-proc", "--fork", "--kill-child",
    ];

    private static IEnumerable<string> MachineWords(LaunchOptions options, bool hasLifeline)
    {
        string self = Environment.ProcessPath!;
        if (Path.GetFileName(self) == "dotnet")
        {
            yield return self;
            self = Path.Combine(AppContext.BaseDirectory, "weft.dll");
        }

        foreach (string word in (string[])[self, "machine", "--directory", options.Paths.Directory, "--state", options.Paths.StateDirectory, "--run-directory", options.Paths.RunDirectory,
            "--binaries", BinaryDirectory, "--default-mtls", options.DefaultMutualTls])
        {
            yield return word;
        }

        if (MeshPaths.IsRoot)
        {
            yield return "--root";
        }

        if (hasLifeline)
        {
            yield return "--lifeline";
            yield return LifelineNumber.ToString(CultureInfo.InvariantCulture);
        }

        foreach ((string workload, string command) in options.Commands)
        {
            yield return "--run";
            yield return workload + "=" + command;
        }
    }

    /// <summary>Where weftd and weft-proxy are: beside weft, or where WEFT_BIN says.</summary>
    public static string BinaryDirectory => Environment.GetEnvironmentVariable("WEFT_BIN") is { Length: > 0 } folder
        ? Path.GetFullPath(folder)
        : AppContext.BaseDirectory.TrimEnd('/');

    private static Dictionary<int, Socket> OpenDoors(IReadOnlyDictionary<int, int> wanted)
    {
        const int backlog = 1024;
        Dictionary<int, Socket> doors = [];
        foreach ((int gatewayPort, int hostPort) in wanted)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            doors[gatewayPort] = socket;
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, hostPort));
                socket.Listen(backlog);
            }
            catch (SocketException exception)
            {
                foreach (Socket open in doors.Values)
                {
                    open.Dispose();
                }

                throw new InvalidOperationException(exception.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"127.0.0.1:{hostPort} is in use (ss -ltnp 'sport = :{hostPort}' shows by whom). Choose another door: --door {gatewayPort}=PORT"
                    : $"127.0.0.1:{hostPort} cannot be opened: {exception.Message}. Choose another door: --door {gatewayPort}=PORT");
            }
        }

        return doors;
    }

    private static Dictionary<string, string> OurEnvironment()
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
        {
            environment[(string)entry.Key] = (string?)entry.Value ?? string.Empty;
        }

        return environment;
    }
}
