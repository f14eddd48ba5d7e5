using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;
using Weft.Native;
using Weft.Native.Processes;

namespace Weft.Local.Pods;

/// <summary>
/// The life of one pod, as a kubelet leads it: sandbox, proxy, workload, readiness, status; then removal in order. One task per
/// pod; everything it decides, it decides there.
/// </summary>
public sealed class PodRunner
{
    private static readonly TimeSpan ReadyPoll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MachineGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ProxyGrace = TimeSpan.FromSeconds(10);

    /// <summary>What a probe without a readinessProbe is: the process runs.</summary>
    private static readonly Probe NoProbe = new() { PeriodSeconds = 1, FailureThreshold = 1 };

    private readonly Resource<Pod> _pod;
    private readonly PodServices _services;
    private readonly PodLaunch _launch;
    private readonly TaskCompletionSource _removal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _machine;
    private readonly PlainPodRules _serviceRules = new();
    private PodSandbox? _sandbox;
    private SupervisedProcess? _proxy;
    private SupervisedProcess? _workload;
    private bool _isReady;
    private string _reported = string.Empty;

    /// <param name="pod">As stored when it was seen first.</param>
    /// <param name="launch">What to run in it.</param>
    /// <param name="services">The machine.</param>
    /// <param name="address">Its own.</param>
    /// <param name="machine">Cancelled when the whole machine goes: no ceremony then.</param>
    public PodRunner(Resource<Pod> pod, PodLaunch launch, PodServices services, IPAddress address, CancellationToken machine)
    {
        ArgumentNullException.ThrowIfNull(pod);
        _pod = pod;
        _launch = launch;
        _services = services;
        _machine = CancellationTokenSource.CreateLinkedTokenSource(machine);
        Identity = new PodIdentity
        {
            Namespace = pod.Namespace,
            Name = pod.Name,
            Uid = pod.Metadata.Uid,
            ServiceAccount = pod.Spec.Spec.ServiceAccountName,
            Address = address,
            Labels = pod.Metadata.Labels,
            Workload = WorkloadOf(pod),
        };
    }

    public PodIdentity Identity { get; }

    public PodKind Kind => _launch.Kind;

    public int Restarts => (_workload?.Restarts ?? 0) + (_proxy?.Restarts ?? 0);

    public bool IsReady => _isReady;

    /// <summary>The pod's network while it has one.</summary>
    public PodSandbox? Sandbox => _sandbox;

    /// <summary>Process 1 of the workload while it runs.</summary>
    public ChildProcess? WorkloadProcess => _workload?.Current;

    /// <summary>Asks for the orderly removal; completes through <see cref="RunAsync"/>.</summary>
    public void Remove() => _removal.TrySetResult();

    /// <summary>The whole life. Returns when nothing of the pod is left and its object is deleted.</summary>
    public async Task RunAsync()
    {
        DateTimeOffset started = _services.Clock.GetUtcNow();
        try
        {
            WriteStatus("Pending", "ContainerCreating", started);
            _sandbox = PodSandbox.Create(Identity, _pod.Metadata.Annotations, _launch.Kind, _services);
            await StartAsync();
            WriteStatus("Running", "ContainersNotReady", started);
            Task renewal = RenewTokensAsync();
            await WatchReadinessAsync(started);
            await TearDownAsync();
            await renewal;
        }
        catch (OperationCanceledException) when (_machine.IsCancellationRequested)
        {
            // The whole machine goes. A workload still hears of it first (a store may write its last page); the kernel ends the rest.
            await (_workload?.StopAsync(MachineGrace) ?? Task.CompletedTask);
            return;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException or SocketException or ArgumentException)
        {
            _services.Log.SayOnce($"{Identity}: cannot run: {exception.Message}");
            WriteStatus("Failed", "CreateContainerError", started);
            _launch.Ended.TrySetException(new InvalidOperationException(exception.Message));
            await Task.WhenAny(_removal.Task, Task.Delay(Timeout.Infinite, _machine.Token));
        }
        finally
        {
            _sandbox?.Dispose();
            _sandbox = null;
        }

        RemoveDirectory();
        _services.Store.Delete(_pod.Key);
    }

    private async Task StartAsync()
    {
        PodSandbox sandbox = _sandbox!;
        if (_launch.Kind != PodKind.Plain)
        {
            MemoryFile root = await _services.RootCertificate.WaitAsync(_machine.Token);
            ProxySpec spec = sandbox.ProxySpec(_launch.Kind == PodKind.Router, root, _services);
            _proxy = new SupervisedProcess($"{Identity} weft-proxy", () => ProxyCommand.Start(sandbox.Network, spec), _services.Clock, _services.Log.Say);
        }

        if (_launch.Kind == PodKind.Router)
        {
            return;
        }

        RefreshServiceRules();

        // At once, not after the proxy: what it connects to waits in the backlog of sockets that are open already.
        _workload = _launch.RunsOnce
            ? new SupervisedProcess(Identity.ToString(), StartWorkload, _services.Clock, _services.Log.Say, isOnce: true)
            : new SupervisedProcess($"{Identity} workload", StartWorkload, _services.Clock, _services.Log.Say);
    }

    /// <summary>For a pod without a sidecar: service addresses lead to the endpoints of now. Any thread; blocking, some 10 ms when they changed.</summary>
    public void RefreshServiceRules()
    {
        if (_launch.Kind == PodKind.Plain && _sandbox is { } sandbox)
        {
            _serviceRules.Apply(sandbox.Network, _services);
        }
    }

    private ChildProcess StartWorkload()
    {
        PodSandbox sandbox = _sandbox ?? throw new InvalidOperationException("the pod is gone");
        using SafeFileHandle log = AppendFile.Open(Path.Combine(sandbox.Directory, "app.log"));
        return WorkloadCommand.Start(sandbox.Network, sandbox.Walls(_services), _launch.Words, Surroundings(_launch.Descriptors ?? OnlyLog(log)));
    }

    private static Dictionary<int, System.Runtime.InteropServices.SafeHandle> OnlyLog(SafeFileHandle log) => new() { [1] = log, [2] = log };

    /// <summary>Environment and folder of anything that runs beside the workload.</summary>
    public CommandSurroundings Surroundings(IReadOnlyDictionary<int, System.Runtime.InteropServices.SafeHandle> descriptors)
    {
        string path = _services.Options.BinaryDirectory + ":" + _services.Options.HostPath;
        Dictionary<string, string> environment = PodEnvironment.Of(Identity, Container, _services.Store, path, _pod.Metadata.Annotations);
        foreach ((string name, string value) in _launch.ExtraEnvironment)
        {
            environment[name] = value;
        }

        return new CommandSurroundings(environment, _services.Options.Paths.Directory, descriptors);
    }

    private Container? Container => _pod.Spec.Spec.Containers.Count > 0 ? _pod.Spec.Spec.Containers[0] : null;

    /// <summary>Runs until removal: asks proxy and workload, writes what changed.</summary>
    private async Task WatchReadinessAsync(DateTimeOffset started)
    {
        Prober prober = new(_sandbox!.Network, command => Execute(command));
        Probe probe = Container?.ReadinessProbe ?? NoProbe;
        ReadinessGate gate = new(probe);
        bool isProxyReady = _launch.Kind == PodKind.Plain;
        ChildProcess? seen = null;
        long nextWorkload = 0;
        long nextProxy = 0;
        while (!_removal.Task.IsCompleted)
        {
            _machine.Token.ThrowIfCancellationRequested();
            if (_launch.RunsOnce && _workload!.Completion.IsCompleted)
            {
                _isReady = false;
                WriteStatus(_workload.LastExit == 0 ? "Succeeded" : "Failed", "PodCompleted", started);
                _ = _workload.StartFailure is { } failure
                    ? _launch.Ended.TrySetException(new InvalidOperationException(failure))
                    : _launch.Ended.TrySetResult(_workload.LastExit ?? 0);
                return;
            }

            ChildProcess? process = _workload?.Current;
            if (process != seen)
            {
                gate.Reset();
                seen = process;
                nextWorkload = process is null ? long.MaxValue : After(TimeSpan.FromSeconds(probe.InitialDelaySeconds));
            }

            if (_proxy is not null && _services.Clock.GetTimestamp() >= nextProxy)
            {
                isProxyReady = await IsProxyReadyAsync(prober);
                nextProxy = After(isProxyReady ? TimeSpan.FromSeconds(1) : ReadyPoll);
            }

            string reason = isProxyReady ? string.Empty : "the proxy is not ready";
            if (process is not null && _services.Clock.GetTimestamp() >= nextWorkload)
            {
                ProbeResult result = probe == NoProbe ? new ProbeResult(true, string.Empty) : await prober.AskAsync(probe, NamedPort, _machine.Token);
                gate.Count(result.IsSuccess);
                reason = result.IsSuccess ? reason : result.Message;
                // Until it is ready for the first time it is asked often: a start should not cost a whole period.
                nextWorkload = After(gate.IsReady ? TimeSpan.FromSeconds(Math.Max(1, probe.PeriodSeconds)) : ReadyPoll);
            }

            bool isReady = isProxyReady && (_launch.Kind == PodKind.Router || (process is not null && gate.IsReady));
            if (isReady != _isReady || (!isReady && reason.Length > 0))
            {
                _isReady = isReady;
                WriteStatus("Running", isReady ? string.Empty : process is null && _workload is not null ? "CrashLoopBackOff" : reason, started);
            }

            await Task.WhenAny(_removal.Task, Task.Delay(ReadyPoll, _services.Clock, _machine.Token));
        }
    }

    private async Task<bool> IsProxyReadyAsync(Prober prober)
    {
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(_machine.Token);
            limit.CancelAfter(TimeSpan.FromSeconds(1));
            return (await prober.GetAsync(Identity.Address, 15021, "/healthz/ready", [], limit.Token)).Status == 200;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException or IOException && !_machine.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>
    /// In this order: nobody is told of the pod any more; every proxy has acknowledged that; only then the workload is told to
    /// stop, and last its proxy, which it may need until its end.
    /// </summary>
    private async Task TearDownAsync()
    {
        bool wasReady = _isReady;
        _isReady = false;
        WriteStatus("Running", "Terminating", _services.Clock.GetUtcNow());
        if (wasReady)
        {
            await _services.WaitForProxies(_services.Store.Revision, _machine.Token);
        }

        if (_workload is not null)
        {
            await _workload.StopAsync(TimeSpan.FromSeconds(Math.Max(0, _pod.Spec.Spec.TerminationGracePeriodSeconds)));
        }

        if (_proxy is not null)
        {
            await _proxy.StopAsync(ProxyGrace);
        }

        await _machine.CancelAsync();
    }

    private async Task RenewTokensAsync()
    {
        try
        {
            while (true)
            {
                await Task.Delay(PodTokens.RenewAfter, _services.Clock, _machine.Token);
                _sandbox?.Tokens.Renew();
                RenewWorkloadToken();
            }
        }
        catch (OperationCanceledException)
        {
            // The pod or the machine goes.
        }
    }

    /// <summary>Into the workload's own /run, which has no other name than through its process.</summary>
    private void RenewWorkloadToken()
    {
        if (_workload?.Current is { } process && _sandbox is { } sandbox)
        {
            try
            {
                File.WriteAllText($"/proc/{process.Id}/root/run/{PodTokens.WorkloadTokenFile}", sandbox.Tokens.ForWorkload());
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                _services.Log.Say($"{Identity}: the workload's token was not renewed: {exception.Message}");
            }
        }
    }

    private ChildProcess Execute(IReadOnlyList<string> command) => _workload?.Current is { } init
        ? WorkloadCommand.Enter(_sandbox!.Network, init, new WorkloadUser(_services.Options.IsRoot), command, Surroundings(new Dictionary<int, System.Runtime.InteropServices.SafeHandle>()))
        : throw new InvalidOperationException("the workload is not running");

    private int? NamedPort(string name) => Container?.Ports.Where(port => port.Name == name).Select(port => (int?)port.Number).FirstOrDefault();

    private long After(TimeSpan delay) => _services.Clock.GetTimestamp() + (long)(delay.TotalSeconds * _services.Clock.TimestampFrequency);

    private void WriteStatus(string phase, string reason, DateTimeOffset started)
    {
        string line = $"{phase} {_isReady} {reason} {Restarts}";
        if (line == _reported)
        {
            return;
        }

        _reported = line;
        _services.Store.PutStatus(_pod.Key, PodObjects.Status(phase, Identity.Address.ToString(), _isReady, reason, Restarts, started));
    }

    private void RemoveDirectory()
    {
        MeshPaths paths = _services.Options.Paths;
        try
        {
            File.Delete(paths.AliasOf(Identity.Namespace, Identity.Name));
            Directory.Delete(paths.PodDirectory(Identity.Namespace, Identity.Name), recursive: true);
        }
        catch (IOException exception)
        {
            _services.Log.Say($"{Identity}: {exception.Message}");
        }
    }

    private static string WorkloadOf(Resource<Pod> pod)
    {
        OwnerReference? owner = pod.Metadata.OwnerReferences.Count > 0 ? pod.Metadata.OwnerReferences[0] : null;
        return owner is { Kind: "ReplicaSet" } && pod.Metadata.Labels.TryGetValue("pod-template-hash", out string? hash) && owner.Name.EndsWith("-" + hash, StringComparison.Ordinal)
            ? owner.Name[..^(hash.Length + 1)]
            : owner?.Name ?? pod.Name;
    }
}
