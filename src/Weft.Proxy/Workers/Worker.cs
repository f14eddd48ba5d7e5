using System;
using System.Collections.Generic;
using Weft.Http.Http1;
using Weft.Native.OpenSsl;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Proxy.AccessLog;
using Weft.Proxy.Decisions;
using Weft.Proxy.Downstream;
using Weft.Proxy.Http;
using Weft.Proxy.Metrics;
using Weft.Proxy.Pool;
using Weft.Proxy.Tcp;
using Weft.Reactor;
using Weft.Telemetry.AccessLog;
using Weft.Telemetry.Metrics;
using Weft.Telemetry.Tracing;

namespace Weft.Proxy.Workers;

/// <summary>
/// One loop's share of the proxy: its view of the configuration, its pools of objects and connections, its counters and rings.
/// Everything in it belongs to the loop's thread; what is shared lies in <see cref="ProxyProcess"/>.
/// </summary>
internal sealed class Worker : ILoopObserver, IDisposable
{
    /// <summary>Room for one head on its way out: what may come in, and what configuration may add to it.</summary>
    public const int HeadScratchBytes = 96 * 1024;
    private const int SnapshotlessRevision = -1;
    private static readonly byte[] DefaultServerName = "weft"u8.ToArray();
    private readonly SnapshotReader _reader;
    private readonly Dictionary<ResourceId, ClusterState> _clusters = [];
    private readonly Dictionary<(uint Kilobytes, uint Count), Http1Scratch> _requestScratches = [];
    private readonly Dictionary<(ResourceId Listener, int Tls), (BlockDigest Digest, TlsServerOptions? Options)> _serverTls = [];
    private readonly HashSet<Http1Server> _living = [];
    private readonly Dictionary<string, int> _reasons = new(StringComparer.Ordinal);
    private readonly FlowPool<UpstreamLink> _upstreams;
    private readonly FlowPool<DownstreamConnection> _connections;
    private readonly FlowPool<Http1Server> _servers;
    private readonly FlowPool<Exchange> _exchanges;
    private readonly FlowPool<TcpTunnel> _tunnels;
    private ClusterState?[] _bySlot = [];
    private RequestIdGenerator _requestIds = RequestIdGenerator.Create();
    private Loop? _loop;
    private byte[] _serverName = [];
    private readonly byte[] _date = new byte[29];
    private long _dateSecond;
    private long _revision = SnapshotlessRevision;

    public Worker(ProxyProcess process, int index)
    {
        Process = process;
        Index = index;
        Utf8Pod = System.Text.Encoding.UTF8.GetBytes(process.Options.Pod);
        _reader = process.Snapshots.Register();
        Snapshot = process.Snapshots.Current;
        Shard = process.Registry.AddShard();
        Peers = new PeerDirectory(process.Peers);
        Own = process.OwnName;
        Decisions = process.Decisions.Add();
        ResponseScratch = new Http1Scratch(new Http1Limits { MaxHeadBytes = 60 * 1024, MaxHeaders = 200 });
        if (process.AccessLog is { } writer) AccessLog = new LoopAccessLog(new LogRing(), writer, isJson: true);
        _upstreams = new FlowPool<UpstreamLink>(() => new UpstreamLink(this));
        _connections = new FlowPool<DownstreamConnection>(() => new DownstreamConnection(this));
        _servers = new FlowPool<Http1Server>(() => new Http1Server(this));
        _exchanges = new FlowPool<Exchange>(() => new Exchange(this));
        _tunnels = new FlowPool<TcpTunnel>(() => new TcpTunnel(this));
    }

    public ProxyProcess Process { get; }
    public int Index { get; }
    public Loop Loop => _loop ?? throw new InvalidOperationException("the worker has no loop yet");

    /// <summary>The configuration of this turn. Hold no span of it longer.</summary>
    public MeshSnapshot Snapshot { get; private set; }

    /// <summary>Digest of <see cref="Snapshot"/>, as the log wants it.</summary>
    public byte[] DigestUtf8 { get; private set; } = [];
    public MetricShard Shard { get; }
    public ProxyMetrics Metrics => Process.Metrics;
    public SeriesCache HttpSeries { get; } = new(1024);
    public SeriesCache TcpSeries { get; } = new(512);
    public PeerDirectory Peers { get; }
    public DecisionRing Decisions { get; }
    public LoopAccessLog? AccessLog { get; }
    public Http1Scratch ResponseScratch { get; }

    /// <summary>One head on its way out; valid until the next one is written.</summary>
    public byte[] HeadScratch { get; } = GC.AllocateUninitializedArray<byte>(HeadScratchBytes, pinned: true);

    /// <summary>Canonical path and authority of the request at hand.</summary>
    public byte[] PathScratch { get; } = GC.AllocateUninitializedArray<byte>(64 * 1024, pinned: true);

    /// <summary>A path that configuration rewrote.</summary>
    public byte[] RewriteScratch { get; } = GC.AllocateUninitializedArray<byte>(16 * 1024, pinned: true);

    /// <summary>A header value that configuration puts together.</summary>
    public byte[] ValueScratch { get; } = new byte[2048];
    public Weft.Policy.Regex.RegexScratch RegexScratch { get; } = new();

    /// <summary>This workload, as metrics name it.</summary>
    public PeerName Own { get; private set; }

    /// <summary>Name of the pod, for header formats.</summary>
    public byte[] Utf8Pod { get; }
    public byte[] HelloScratch { get; } = GC.AllocateUninitializedArray<byte>(Weft.Http.Sniff.ClientHello.MaxBytes, pinned: true);
    public HeaderEdits Edits { get; } = new();

    /// <summary>True from the start of a drain: nothing is kept idle.</summary>
    public bool IsDraining => Process.Health.IsDraining;
    public bool IsStopping { get; private set; }

    /// <summary>HTTP requests and TCP connections under way on this loop. Any thread may read.</summary>
    public int Active => _exchanges.InUse + _tunnels.InUse;

    /// <summary>Connections from clients that live on this loop.</summary>
    public int Connections => _connections.InUse;

    /// <summary>Microseconds of the monotonic clock at the start of this turn.</summary>
    public long NowMicroseconds => Loop.Now / 1000;

    public void Attach(Loop loop)
    {
        _loop = loop;
        loop.Context = this;
    }

    /// <summary>Runs before anything else in a turn: the one place where the configuration changes for this loop.</summary>
    public void OnTurnStart(Loop loop)
    {
        Snapshot = _reader.Enter();
        if (Snapshot.Revision != _revision) Follow();
    }

    /// <summary>A sleeping loop holds no block of an old configuration.</summary>
    public void OnBeforeWait(Loop loop) => _reader.Park();

    public Link Connect(in Weft.Native.Linux.IpEndpoint destination, ClusterState cluster, TlsClientOptions? tls, ILinkHandler handler) => Loop.Connect(
        new ConnectOptions
        {
            Destination = destination,
            TimeoutMilliseconds = cluster.ConnectMilliseconds,
            Mark = (uint)Process.Options.Mark,
            Source = cluster.Source,
            TlsContext = tls is null ? null : Process.Tls.Client,
            Tls = tls,
        },
        handler);

    /// <summary>The companion of a cluster; null if the name is unknown.</summary>
    public ClusterState? Cluster(ResourceId id)
    {
        if (id.IsNone) return null;
        if ((uint)id.Slot < (uint)_bySlot.Length && _bySlot[id.Slot] is { } known && known.Id == id) return known;
        return FindCluster(id);
    }

    /// <summary>Parser scratch for the limits of an HTTP connection manager (0: Envoy's defaults).</summary>
    public Http1Scratch RequestScratch(uint maxHeadersKilobytes, uint maxHeaders)
    {
        if (_requestScratches.TryGetValue((maxHeadersKilobytes, maxHeaders), out var scratch)) return scratch;
        // The link holds at most 64 KiB of input: a larger head could never become complete.
        int bytes = (int)Math.Clamp(maxHeadersKilobytes == 0 ? 60 : maxHeadersKilobytes, 1, 63) * 1024;
        scratch = new Http1Scratch(new Http1Limits { MaxHeadBytes = bytes, MaxHeaders = (int)Math.Clamp(maxHeaders == 0 ? 100 : maxHeaders, 1, 1000) });
        return _requestScratches[(maxHeadersKilobytes, maxHeaders)] = scratch;
    }

    /// <summary>ALPN and expected clients of a filter chain's TLS context; null if they cannot be checked.</summary>
    public TlsServerOptions? ServerTls(ResourceId listener, ListenerView view, int tls)
    {
        var digest = Snapshot.DigestOf(BlockKind.Listener, listener.Slot);
        if (_serverTls.TryGetValue((listener, tls), out var known) && known.Digest == digest) return known.Options;
        ref readonly var record = ref view.Tls(tls);
        var expected = Weft.Proxy.Tls.Expectations.Peers(view.Block, record.SubjectAltNames);
        var options = expected is null ? null : new TlsServerOptions { Alpn = Weft.Proxy.Tls.Expectations.Alpn(view.Block, record.AlpnProtocols), Expected = expected };
        _serverTls[(listener, tls)] = (digest, options);
        return options;
    }

    /// <summary>A server name, interned so that connections share it; empty: ours.</summary>
    public byte[] ServerName(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty) return DefaultServerName;
        if (!name.SequenceEqual(_serverName)) _serverName = name.ToArray();
        return _serverName;
    }

    /// <summary>Counts under a family that is labelled with a reason of a fixed set. Allocates for a reason seen first.</summary>
    public void CountReason(string reason, Func<string, int> series)
    {
        if (!_reasons.TryGetValue(reason, out int cell)) _reasons[reason] = cell = series(reason);
        Shard.Increment(cell);
    }

    /// <summary>The date as HTTP writes it (RFC 9110 section 5.6.7); made anew once a second.</summary>
    public ReadOnlySpan<byte> HttpDate()
    {
        long second = (NowMicroseconds + Process.WallClockOffsetMicroseconds) / 1_000_000;
        if (second != _dateSecond)
        {
            _dateSecond = second;
            DateTime.UnixEpoch.AddSeconds(second).TryFormat(_date, out _, "r", System.Globalization.CultureInfo.InvariantCulture);
        }
        return _date;
    }

    public void WriteRequestId(Span<byte> destination) => _requestIds.Write(destination);

    public UpstreamLink RentUpstream() => _upstreams.Rent();
    public void ReturnUpstream(UpstreamLink link) => _upstreams.Return(link);
    public DownstreamConnection RentConnection() => _connections.Rent();
    public void ReturnConnection(DownstreamConnection connection) => _connections.Return(connection);
    public Http1Server RentServer() => _servers.Rent();
    public void ReturnServer(Http1Server server) => _servers.Return(server);
    public Exchange RentExchange() => _exchanges.Rent();
    public void ReturnExchange(Exchange exchange) => _exchanges.Return(exchange);
    public TcpTunnel RentTunnel() => _tunnels.Rent();
    public void ReturnTunnel(TcpTunnel tunnel) => _tunnels.Return(tunnel);

    /// <summary>HTTP connections that live, so that a drain can end the idle ones.</summary>
    public void Register(Http1Server server) => _living.Add(server);
    public void Forget(Http1Server server) => _living.Remove(server);

    /// <summary>Begin of a drain, on the loop: connections with nothing under way end now, the others with their answer.</summary>
    public void BeginDrain()
    {
        IsStopping = true;
        foreach (var server in _living) server.Drain();
        foreach (var cluster in _clusters.Values) cluster.CloseIdle();
    }

    /// <summary>The trust bundle changed, on the loop: links made under the old one end with what they have under way (design section 4).</summary>
    public void RenewTrust()
    {
        foreach (var server in _living)
        {
            if (server.Connection.IsTls) server.Drain();
        }
        foreach (var cluster in _clusters.Values) cluster.Renew();
    }

    public void Dispose() => _reader.Dispose();

    private ClusterState? FindCluster(ResourceId id)
    {
        if (!_clusters.TryGetValue(id, out var state))
        {
            var view = Snapshot.Cluster(id);
            if (view.IsEmpty) return null;
            state = new ClusterState(this, id, System.Text.Encoding.UTF8.GetString(view.Name));
            state.Refresh(Snapshot);
            _clusters[id] = state;
        }
        if (id.Slot >= _bySlot.Length) Array.Resize(ref _bySlot, Math.Max(id.Slot + 1, _bySlot.Length * 2));
        return _bySlot[id.Slot] = state;
    }

    private void Follow()
    {
        _revision = Snapshot.Revision;
        DigestUtf8 = System.Text.Encoding.UTF8.GetBytes(Snapshot.Digest);
        List<ResourceId>? gone = null;
        foreach (var (id, state) in _clusters)
        {
            if (Snapshot.IsAlive(BlockKind.Cluster, id))
            {
                state.Refresh(Snapshot);
                continue;
            }
            state.Retire();
            (gone ??= []).Add(id);
        }
        if (gone is null) return;
        foreach (var id in gone)
        {
            // Pools that still serve are held by their links; nothing new reaches them.
            _clusters.Remove(id);
            if (id.Slot < _bySlot.Length && _bySlot[id.Slot]?.Id == id) _bySlot[id.Slot] = null;
        }
    }
}
