using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using Microsoft.Win32.SafeHandles;
using Weft.Config;
using Weft.Local.Controllers;
using Weft.Local.Machine;
using Weft.Local.Pods;
using Weft.Native.Processes;
using Weft.Store;

namespace Weft.Local.Control;

/// <summary>
/// Answers on the machine's control socket. Who can open it is this user (mode of its folder), and may already do anything
/// here; so it asks no further. One thread per connection: they are few and some last.
/// </summary>
public sealed class ControlServer : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly PodServices _services;
    private readonly Kubelet _kubelet;
    private readonly StatusReader _status;
    private readonly Action _down;
    private readonly Func<bool, DirectoryState> _source;

    /// <param name="services">The machine.</param>
    /// <param name="kubelet">Its pods.</param>
    /// <param name="status">Answers how it is.</param>
    /// <param name="source">Gives what the directory says; true: read it now.</param>
    /// <param name="down">Ends the machine.</param>
    public ControlServer(PodServices services, Kubelet kubelet, StatusReader status, Func<bool, DirectoryState> source, Action down)
    {
        ArgumentNullException.ThrowIfNull(services);
        (_services, _kubelet, _status, _source, _down) = (services, kubelet, status, source, down);
        _listener.Bind(new UnixDomainSocketEndPoint(services.Options.Paths.ControlSocket));
        _listener.Listen(16);
        new Thread(Accept) { IsBackground = true, Name = "weft-control" }.Start();
    }

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        while (true)
        {
            try
            {
                Socket socket = _listener.Accept();
                new Thread(() => Serve(socket)) { IsBackground = true, Name = "weft-control-peer" }.Start();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Serve(Socket socket)
    {
        using ControlConnection connection = new(socket);
        IReadOnlyList<SafeFileHandle> descriptors = [];
        try
        {
            if (connection.TryReceiveHttp(out string target))
            {
                connection.SendRaw(SourceAnswer.Http(_source(target.Contains("settle=1", StringComparison.Ordinal))));
                return;
            }

            if (connection.ReceiveRequest(out descriptors) is not { } request)
            {
                return;
            }

            switch (request.Verb)
            {
                case "status":
                    connection.Send(new ControlReply { Status = _status.ReadAsync().GetAwaiter().GetResult() });
                    break;
                case "down":
                    _down();
                    connection.Send(new ControlReply());
                    break;
                case "run":
                    Run(connection, request, descriptors);
                    break;
                case "exec":
                    Execute(connection, request, descriptors);
                    break;
                default:
                    connection.Send(new ControlReply { Error = $"this machine does not know '{request.Verb}'; weft and the machine are of different versions" });
                    break;
            }
        }
        catch (Exception exception) when (exception is InvalidOperationException or IOException or JsonException or ArgumentException or UnauthorizedAccessException)
        {
            TrySend(connection, new ControlReply { Error = exception.Message });
        }
        finally
        {
            foreach (SafeFileHandle descriptor in descriptors)
            {
                descriptor.Dispose();
            }
        }
    }

    /// <summary>A pod of its own for one command: its end is the pod's.</summary>
    private void Run(ControlConnection connection, ControlRequest request, IReadOnlyList<SafeFileHandle> descriptors)
    {
        if (_services.Store.Get(new ObjectKey(string.Empty, "Namespace", string.Empty, request.Namespace)) is null)
        {
            _services.Store.Put(ResourceReader.Create(Kinds.Namespace, new ObjectMeta { Name = request.Namespace }, ResourceNode.Mapping()));
        }

        string stem = Path.GetFileName(request.Command.Count > 0 ? request.Command[0] : "run").ToLowerInvariant();
        string name = string.Concat(stem.Where(c => char.IsAsciiLetterOrDigit(c) || c == '-')).Trim('-') is { Length: > 0 } clean ? clean : "run";
        Resource pod = PodObjects.Bare(request.Namespace, $"{name}-{PodTemplateHash.Word(Guid.NewGuid().ToString(), 5)}", request.ServiceAccount, request.Labels, !request.NoSidecar);
        PodLaunch launch = new()
        {
            Kind = request.NoSidecar ? PodKind.Plain : PodKind.Sidecar,
            Words = request.Command,
            RunsOnce = true,
            Descriptors = Standard(descriptors),
            ExtraEnvironment = request.Environment,
        };
        _kubelet.Prepare(pod.Key, launch);
        _services.Store.Put(pod);
        connection.Send(new ControlReply { Pod = pod.Name + "." + pod.Namespace });
        bool isOver = false;
        Thread signals = Relay(connection, () => _kubelet.Find(pod.Key)?.WorkloadProcess, () =>
        {
            if (!Volatile.Read(ref isOver))
            {
                // The asker is gone: what it ran goes with it.
                _kubelet.Find(pod.Key)?.Remove();
            }
        });
        int exit = launch.Ended.Task.GetAwaiter().GetResult();
        Volatile.Write(ref isOver, true);
        TrySend(connection, new ControlReply { Exit = exit });
        _kubelet.Find(pod.Key)?.Remove();
        GC.KeepAlive(signals);
    }

    private void Execute(ControlConnection connection, ControlRequest request, IReadOnlyList<SafeFileHandle> descriptors)
    {
        PodRunner pod = PodTarget.Find(request.Target, request.Namespace, _kubelet.Pods);
        if (pod.Sandbox is not { } sandbox || pod.WorkloadProcess is not { } init)
        {
            throw new InvalidOperationException(pod.Kind == PodKind.Router ? $"{pod.Identity} is a gateway: there is no workload to run beside" : $"{pod.Identity} is not running yet");
        }

        CommandSurroundings surroundings = pod.Surroundings(Standard(descriptors));
        Dictionary<string, string> environment = new(surroundings.Environment);
        foreach ((string key, string value) in request.Environment)
        {
            environment[key] = value;
        }

        ChildProcess process = WorkloadCommand.Enter(sandbox.Network, init, new WorkloadUser(_services.Options.IsRoot), request.Command, surroundings with { Environment = environment });
        connection.Send(new ControlReply { Pod = pod.Identity.ToString() });
        Thread signals = Relay(connection, () => process, () => process.Signal(Signals.Kill));
        TrySend(connection, new ControlReply { Exit = process.Exited.GetAwaiter().GetResult() });
        GC.KeepAlive(signals);
    }

    private static Dictionary<int, SafeHandle> Standard(IReadOnlyList<SafeFileHandle> descriptors) => descriptors.Count == 3
        ? new Dictionary<int, SafeHandle> { [0] = descriptors[0], [1] = descriptors[1], [2] = descriptors[2] }
        : throw new InvalidOperationException("stdin, stdout and stderr did not come along");

    /// <summary>Passes the asker's signals on; its end is told to <paramref name="gone"/>.</summary>
    private static Thread Relay(ControlConnection connection, Func<ChildProcess?> process, Action gone)
    {
        Thread thread = new(() =>
        {
            try
            {
                while (connection.ReceiveRequest(out _) is { } request)
                {
                    if (request.Verb == "signal" && request.Signal is > 0 and < 65)
                    {
                        process()?.Signal(request.Signal);
                    }
                }
            }
            catch (Exception exception) when (exception is JsonException or IOException)
            {
                // Not a peer of ours any more.
            }

            gone();
        })
        { IsBackground = true, Name = "weft-control-signals" };
        thread.Start();
        return thread;
    }

    private static void TrySend(ControlConnection connection, ControlReply reply)
    {
        try
        {
            connection.Send(reply);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // Nobody is there to hear it.
        }
    }
}
