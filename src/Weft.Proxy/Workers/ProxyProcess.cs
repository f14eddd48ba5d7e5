using System;
using System.Diagnostics;
using System.Text;
using Weft.Policy.Snapshot;
using Weft.Proxy.Balance;
using Weft.Proxy.Bootstrap;
using Weft.Proxy.Decisions;
using Weft.Proxy.Lifecycle;
using Weft.Proxy.Metrics;
using Weft.Proxy.Tls;
using Weft.Telemetry.AccessLog;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Workers;

/// <summary>What all loops of the process share: configuration, identity, the cells, the registry of metrics. Immutable references to things that are safe for any thread.</summary>
internal sealed class ProxyProcess : IDisposable
{
    public ProxyProcess(ProxyOptions options, SnapshotStore snapshots, Health health, LogWriter? accessLog, Action<string> log)
    {
        Options = options;
        Snapshots = snapshots;
        Health = health;
        AccessLog = accessLog;
        Log = log;
        Metrics = new ProxyMetrics(Registry);
        Tls = new TlsMaterial(
            identity =>
            {
                health.TakeIdentity();
                log($"info: identity {identity.SpiffeId}, serial {identity.SerialNumber}, until {identity.NotAfter:O}");
            },
            problem => log($"error: the new certificate cannot be used, the old one stays: {problem}"));
        OwnName = Peers.Intern(new IstioPeerLabels
        {
            Workload = options.Owner.Length > 0 ? options.Owner : IstioLabels.Unknown,
            WorkloadNamespace = options.Namespace,
            Principal = options.SpiffeId,
            App = Label(options, "app"),
            Version = Label(options, "version"),
            CanonicalService = options.Labels.TryGetValue("service.istio.io/canonical-name", out string? name) ? name : Label(options, "app"),
            CanonicalRevision = options.Labels.TryGetValue("version", out string? version) ? version : "latest",
            Cluster = options.ClusterId,
        });
        OwnSpiffeId = options.SpiffeId;
        OwnUtf8SpiffeId = Encoding.UTF8.GetBytes(options.SpiffeId);
        // Wall clock once, then the monotonic one: log times never jump back.
        WallClockOffsetMicroseconds = ((DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond) - Stopwatch.GetElapsedTime(0).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    public ProxyOptions Options { get; }
    public SnapshotStore Snapshots { get; }
    public Health Health { get; }
    public TlsMaterial Tls { get; }
    public Cells Cells { get; } = new();
    public MetricRegistry Registry { get; } = new();
    public ProxyMetrics Metrics { get; }
    public PeerNames Peers { get; } = new();

    /// <summary>This workload, by its own labels.</summary>
    public PeerName OwnName { get; }
    public LogWriter? AccessLog { get; }
    public DecisionLog Decisions { get; } = new();

    /// <summary>The process's own log: one line, which begins with its level.</summary>
    public Action<string> Log { get; }
    public string OwnSpiffeId { get; }
    public byte[] OwnUtf8SpiffeId { get; }

    /// <summary>Unix microseconds at monotonic zero.</summary>
    public long WallClockOffsetMicroseconds { get; }

    public void Dispose() => Tls.Dispose();

    private static string Label(ProxyOptions options, string key) => options.Labels.TryGetValue(key, out string? value) ? value : IstioLabels.Unknown;
}
