using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Weft.Policy.Snapshot;
using Weft.Proxy.Admin;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Discovery;
using Weft.Proxy.Dns;
using Weft.Proxy.Metrics;
using Weft.Proxy.Workers;
using Weft.Reactor;
using Weft.Telemetry.AccessLog;

namespace Weft.Proxy.Lifecycle;

/// <summary>
/// A whole proxy, put together: loops, sockets, discovery, DNS and the side servers; started, drained and ended here. Composition only: nothing in it
/// decides about traffic.
/// </summary>
public sealed class ProxyHost : ISnapshotSink, IIdentitySink, IAsyncDisposable
{
    private static readonly TimeSpan DrainLook = TimeSpan.FromMilliseconds(20);
    private readonly ProxyOptions _options;
    private readonly ProxyProcess _process;
    private readonly Worker[] _workers;
    private readonly LoopGroup _loops;
    private readonly ListenerSet _listeners;
    private readonly GcPauses _pauses = new();
    private readonly LogWriter? _accessLog;
    private readonly SnapshotNames _names;
    private readonly SnapshotReader _reader;
    private readonly List<SideServer> _sides = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private static readonly Action<Loop> Nothing = static _ => { };
    private static readonly Action<Loop> RenewTrust = static loop => ((Worker)loop.Context!).RenewTrust();
    private DiscoveryClient? _discovery;
    private DnsServer? _dns;
    private bool _isDnsStarted;
    private int _isDraining;
    private int _logLevel = 2;
    private int _sweptAt;

    /// <param name="options">What the process was told.</param>
    /// <param name="accessLog">Where log lines go; null: nowhere.</param>
    /// <param name="log">The process's own log, one line a call, the level first.</param>
    public ProxyHost(ProxyOptions options, Stream? accessLog, Action<string> log)
    {
        _options = options;
        Log = line =>
        {
            if (LevelOf(line) >= Volatile.Read(ref _logLevel)) log(line);
        };
        Snapshots = new SnapshotStore();
        _accessLog = accessLog is null ? null : new LogWriter(accessLog);
        _process = new ProxyProcess(options, Snapshots, Health, _accessLog, Log);
        ProxyMetrics.AddProcess(_process.Registry, _pauses, options.Loops, () => (double)Health.State);
        _workers = new Worker[options.Loops];
        for (int i = 0; i < _workers.Length; i++) _workers[i] = new Worker(_process, i);
        _loops = new LoopGroup(_workers.Length, index => new LoopOptions { Observer = _workers[index] });
        for (int i = 0; i < _workers.Length; i++) _workers[i].Attach(_loops.Loops[i]);
        _listeners = new ListenerSet(options, _process.Metrics, _loops, Log);
        _names = new SnapshotNames(Snapshots);
        _reader = Snapshots.Register();
        HostMetrics.Add(_process.Registry, this, _loops);
    }

    public Health Health { get; } = new();
    public SnapshotStore Snapshots { get; }
    public ProxyOptions Options => _options;

    /// <summary>Completes when somebody asked the process to end at once (/quitquitquit).</summary>
    public Task Quit => _quit.Task;

    /// <summary>Real port of the outbound capture socket.</summary>
    public int OutboundPort => _listeners.OutboundPort;
    public int InboundPort => _listeners.InboundPort;

    /// <summary>Requests and TCP connections under way.</summary>
    public int Active
    {
        get
        {
            int active = 0;
            foreach (var worker in _workers) active += worker.Active;
            return active;
        }
    }

    internal Action<string> Log { get; }
    internal ProxyProcess Process => _process;
    internal IReadOnlyList<Worker> Workers => _workers;
    internal LoopGroup Loops => _loops;
    internal ListenerSet Listeners => _listeners;
    internal GcPauses Pauses => _pauses;
    internal LogWriter? AccessLog => _accessLog;
    internal DnsServer? Dns => _dns;
    internal DiscoveryStatus? Discovery => _discovery?.Status;

    /// <summary>Opens every socket and begins. Discovery (if configured) brings the rest.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">A socket cannot be opened.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A side server's port is taken.</exception>
    public void Start()
    {
        _listeners.Open();
        _loops.Start();
        Health.Start();
        StartSides();
        if (_options.Discovery.Length == 0) return;
        _discovery = new DiscoveryClient(DiscoveryOptionsOf(_options, Log), Snapshots, this, this);
        _discovery.Start();
    }

    /// <summary>Publishes a snapshot made elsewhere: tests, and discovery through <see cref="OnSnapshot"/>.</summary>
    public void Publish(SnapshotUpdate update, string digest) => OnSnapshot(Snapshots.Publish(update, digest));

    /// <inheritdoc/>
    public void OnSnapshot(MeshSnapshot snapshot)
    {
        lock (_gate)
        {
            try
            {
                var entered = _reader.Enter();
                _listeners.Follow(entered);
                SweepCells(entered);
            }
            finally
            {
                _reader.Park();
            }
            Health.TakeConfiguration();
            if (_names.IsKnown) StartWaitingDns();
            AcceptIfReady();
        }
        // Sleeping loops park their readers, but a loop that serves takes the new snapshot at its next turn; wake all, so that old blocks go soon.
        foreach (var loop in _loops.Loops) loop.Post(Nothing);
    }

    /// <inheritdoc/>
    public void OnIdentity(WorkloadIdentity identity)
    {
        var before = _process.Tls.Identity;
        _process.Tls.OnIdentity(identity);
        if (before is not null && !before.BundlePem.Span.SequenceEqual(identity.BundlePem.Span))
        {
            Log("info: the trust bundle changed; links made under the old one end with what they have under way");
            foreach (var loop in _loops.Loops) loop.Post(RenewTrust);
        }
        lock (_gate) AcceptIfReady();
    }

    /// <summary>For proxies that need no certificate (fixtures): ready without one.</summary>
    public void RunWithoutIdentity()
    {
        Health.TakeIdentity();
        lock (_gate) AcceptIfReady();
    }

    /// <summary>
    /// Fails readiness, stops taking connections from outside, lets what is under way finish, for at most the configured time.
    /// Returns true if nothing was cut off.
    /// </summary>
    public async Task<bool> DrainAsync(CancellationToken hurry)
    {
        if (Interlocked.Exchange(ref _isDraining, 1) == 0) BeginDrain(stopAccepting: true);
        long deadline = Environment.TickCount64 + (_options.DrainSeconds * 1000L);
        while (Active > 0 && Environment.TickCount64 < deadline && !hurry.IsCancellationRequested)
            await Task.Delay(DrainLook, CancellationToken.None).ConfigureAwait(false);
        return Active == 0;
    }

    public async ValueTask DisposeAsync()
    {
        _discovery?.Dispose();
        foreach (var side in _sides) await side.DisposeAsync().ConfigureAwait(false);
        if (_dns is not null) await _dns.DisposeAsync().ConfigureAwait(false);
        _loops.Dispose();
        _listeners.Dispose();
        foreach (var worker in _workers) worker.Dispose();
        _names.Dispose();
        _reader.Dispose();
        _process.Dispose();
        Snapshots.Dispose();
        _accessLog?.Dispose();
    }

    /// <summary>Least level that is written: 0 trace, 1 debug, 2 info, 3 warning, 4 error, 5 critical, 6 off.</summary>
    internal void SetLogLevel(int level) => Volatile.Write(ref _logLevel, level);

    internal void RequestQuit() => _quit.TrySetResult();

    /// <summary>Readiness fails and answers say that connections end. <paramref name="stopAccepting"/>: nothing new from outside.</summary>
    internal void BeginDrain(bool stopAccepting)
    {
        Health.Drain();
        Log("info: draining");
        if (stopAccepting) _listeners.StopInbound();
        _loops.RunOnEach(loop => ((Worker)loop.Context!).BeginDrain());
    }

    private static int LevelOf(string line) => line[0] switch
    {
        't' => 0,
        'd' => 1,
        'i' => 2,
        'w' => 3,
        'e' => 4,
        _ => 5,
    };

    private static DiscoveryOptions DiscoveryOptionsOf(ProxyOptions options, Action<string> log) => new()
    {
        Log = log,
        Address = options.Discovery,
        ServerName = options.DiscoveryName,
        RootCertificateFile = options.RootCertificateFile,
        TokenFile = options.TokenFile,
        IsPlaintext = options.DiscoveryPlaintext,
        Mark = options.Mark,
        NodeId = options.NodeId,
        NodeCluster = options.Labels.TryGetValue("app", out string? app) ? $"{app}.{options.Namespace}" : $"{options.Pod}.{options.Namespace}",
        Metadata = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NAMESPACE"] = options.Namespace,
            ["NAME"] = options.Pod,
            ["SERVICE_ACCOUNT"] = options.ServiceAccount,
            ["WORKLOAD_NAME"] = options.Owner,
            ["OWNER"] = options.Owner,
            ["CLUSTER_ID"] = options.ClusterId,
            ["INSTANCE_IPS"] = options.Address,
            ["MESH_ID"] = options.TrustDomain,
            ["INTERCEPTION_MODE"] = options.Role == ProxyRole.Sidecar ? "REDIRECT" : "NONE",
        },
        Labels = options.Labels,
        SpiffeId = options.SpiffeId,
    };

    private void AcceptIfReady()
    {
        if (Health.HasConfiguration && Health.HasIdentity && !Health.IsDraining) _listeners.AcceptCaptured();
    }

    // Cells of clusters that are gone: looked at only when the number of clusters changed, which endpoint updates do not.
    private void SweepCells(MeshSnapshot snapshot)
    {
        int count = snapshot.Count(Policy.Blocks.BlockKind.Cluster);
        if (count == _sweptAt) return;
        bool hasFewer = count < _sweptAt;
        _sweptAt = count;
        if (!hasFewer) return;
        var alive = new HashSet<string>(StringComparer.Ordinal);
        for (int slot = 0; slot < snapshot.Slots(Policy.Blocks.BlockKind.Cluster); slot++)
        {
            var block = snapshot.Block(Policy.Blocks.BlockKind.Cluster, slot);
            if (!block.IsEmpty) alive.Add(System.Text.Encoding.UTF8.GetString(block.Name));
        }
        _process.Cells.Sweep(alive);
    }

    private void StartSides()
    {
        var admin = new AdminHandler(this);
        if (_options.AdminAddress.Port != 0) _sides.Add(SideServer.OnTcp(_options.AdminAddress.Address, _options.AdminAddress.Port, admin.Handle));
        if (_options.AdminSocket.Length > 0) _sides.Add(SideServer.OnUnixSocket(_options.AdminSocket, admin.Handle));
        if (_options.StatusPort != 0) _sides.Add(SideServer.OnTcp(IPAddress.Any, _options.StatusPort, admin.HandleStatus));
        if (_options.MetricsPort != 0) _sides.Add(SideServer.OnTcp(IPAddress.Any, _options.MetricsPort, admin.HandleMetrics));
        // An inherited socket is read once there are names to answer from: until then questions wait in it, as connections do in the
        // backlogs, and a workload that starts beside us is not told that its neighbours do not exist.
        bool mayWait = _options.DnsDescriptor >= 0 && _options.Discovery.Length > 0;
        if (!mayWait) StartDns();
    }

    private void StartWaitingDns()
    {
        if (_isDnsStarted) return;
        try
        {
            StartDns();
        }
        catch (System.Net.Sockets.SocketException taken)
        {
            // On discovery's thread: the proxy serves without, and says so.
            _isDnsStarted = true;
            Log($"error: no DNS on port {_options.DnsPort}: {taken.Message}; names of the mesh are not answered in this pod");
        }
    }

    private void StartDns()
    {
        if (_isDnsStarted || (_options.DnsPort == 0 && _options.DnsDescriptor < 0)) return;
        var resolver = new DnsResolver(_names, _options.Namespace, _options.ClusterDomain, _options.UpstreamDns is not null);
        _dns = DnsServer.Start(resolver, _options.DnsPort, _options.DnsDescriptor, _options.UpstreamDns, _options.Mark);
        _isDnsStarted = true;
    }
}
