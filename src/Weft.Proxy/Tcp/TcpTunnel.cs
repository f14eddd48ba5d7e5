using System;
using System.Runtime.CompilerServices;
using Weft.Buffers;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Trace;
using Weft.Proxy.Balance;
using Weft.Proxy.Downstream;
using Weft.Proxy.Pool;
using Weft.Proxy.Workers;
using Weft.Reactor;
using Weft.Telemetry;

namespace Weft.Proxy.Tcp;

/// <summary>
/// A TCP connection carried through, byte by byte, to an endpoint of a cluster: either side may speak first, each direction ends on its own
/// (half-close), and whoever reads slowly slows the other down. Holds no bytes beyond the links' bounds. Owned by one loop; pooled.
/// </summary>
internal sealed class TcpTunnel : ITimerTarget
{
    private const long DefaultIdleMilliseconds = 60 * 60 * 1000;

    // Istio's tcp_reporting_duration.
    private const long ReportMilliseconds = 5000;
    private const int MostTried = 8;
    private readonly Worker _worker;
    private readonly TunnelSide _client;
    private readonly TunnelSide _server;
    private DownstreamConnection _connection = null!;
    private ClusterState? _cluster;
    private EndpointCell? _cell;
    private Tried _tried;
    private SlotToken _timer;
    private long _idleMilliseconds;
    private long _lastActivity;
    private long _reportedSent;
    private long _reportedReceived;
    private uint _attempts;
    private uint _mostAttempts;
    private int _series;
    private bool _holdsConnection;
    private bool _isOpenReported;

    public TcpTunnel(Worker worker)
    {
        _worker = worker;
        _client = new TunnelSide(this, isClient: true);
        _server = new TunnelSide(this, isClient: false);
    }

    /// <summary>What the log will say.</summary>
    public TunnelRecord Record;
    public Worker Worker => _worker;
    public DownstreamConnection Connection => _connection;
    public ClusterState? Cluster => _cluster;

    /// <summary>Takes over a link whose chain ends in a TCP proxy.</summary>
    public void Begin(DownstreamConnection connection)
    {
        _connection = connection;
        _cluster = null;
        _cell = null;
        _attempts = 0;
        _series = -1;
        _reportedSent = _reportedReceived = 0;
        _holdsConnection = _isOpenReported = false;
        Record = new TunnelRecord { StartMicroseconds = _worker.NowMicroseconds, Utf8Digest = _worker.DigestUtf8 };
        _client.Take(connection.Link);
        _server.Take(null);
        connection.Link.Handler = _client;
        // Until there is somewhere to send to, the client's bytes stay in the kernel.
        connection.Link.PauseReading();
        var snapshot = _worker.Snapshot;
        if (!snapshot.IsAlive(BlockKind.Listener, connection.Listener))
        {
            Fail(ResponseFlags.NoRouteFound, TunnelEnd.ListenerGone);
            return;
        }
        var view = snapshot.Listener(connection.Listener);
        ref readonly var tcp = ref view.Tcp(connection.Terminal);
        _idleMilliseconds = tcp.IdleTimeout.IsSet ? (long)tcp.IdleTimeout.Value.TotalMilliseconds : DefaultIdleMilliseconds;
        _mostAttempts = Math.Max(1, tcp.MaxConnectAttempts);
        Span<byte> id = stackalloc byte[16];
        connection.Link.Id.TryFormat(id, out _, "x16", null);
        var trace = default(NoTrace);
        _cluster = _worker.Cluster(TcpDecision.Decide(snapshot, view, connection.Terminal, id, ref trace));
        if (_cluster is null)
        {
            Fail(ResponseFlags.NoClusterFound, TunnelEnd.ClusterNotFound);
            return;
        }
        _lastActivity = _worker.Loop.NowMilliseconds;
        _timer = _worker.Loop.Timers.Schedule(Math.Min(ReportMilliseconds, _idleMilliseconds <= 0 ? ReportMilliseconds : _idleMilliseconds), this, 0);
        Connect(id);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        _timer = default;
        long now = _worker.Loop.NowMilliseconds;
        if (_idleMilliseconds > 0 && now - _lastActivity >= _idleMilliseconds)
        {
            Record.End = TunnelEnd.IdleTimeout;
            _client.Link?.Close();
            _server.Link?.Close();
            return;
        }
        ReportBytes();
        long wait = _idleMilliseconds > 0 ? Math.Min(ReportMilliseconds, _idleMilliseconds - (now - _lastActivity)) : ReportMilliseconds;
        _timer = _worker.Loop.Timers.Schedule(Math.Max(wait, TimerWheel.TickMilliseconds), this, 0);
    }

    /// <summary>The endpoint is connected (and proven).</summary>
    internal void OnServerEstablished(Link link)
    {
        Record.UpstreamLocal = link.LocalAddress;
        Record.UpstreamPeer = _worker.Peers.Find(_worker.Snapshot, Record.UpstreamHost.Address, link.Tls is { } tls ? tls.PeerSpiffeId : default);
        _cell?.Connect();
        _cluster!.Stats.Count(_cluster.Stats.Metrics.CxTotal);
        _series = TunnelReporter.Series(this);
        _worker.Metrics.Istio.RecordOpened(_worker.Shard, _series);
        _isOpenReported = true;
        if (_client.Link is not { } client)
        {
            link.Abort();
            return;
        }
        Move(_client, _server);
        client.ResumeReading();
        if (client.HasPeerEof) link.ShutdownSend();
    }

    internal void OnReadable(TunnelSide from) => Move(from, Other(from));

    internal void OnWritable(TunnelSide side) => Other(side).Link?.ResumeReading();

    internal void OnPeerEof(TunnelSide side)
    {
        Move(side, Other(side));
        var other = Other(side);
        // While connecting there is nothing to shut; the end is passed on once connected.
        if (other.Link is { } link && (other.IsEstablished || side != _client)) link.ShutdownSend();
    }

    internal void OnClosed(TunnelSide side, in LinkFault fault)
    {
        if (side == _server && !side.IsEstablished)
        {
            OnConnectFailed(fault);
            return;
        }
        if (side == _server) ReleaseServer(fault.IsOrderly);
        if (Record.End == TunnelEnd.None && !fault.IsOrderly) Record.End = side == _client ? TunnelEnd.ClientReset : TunnelEnd.UpstreamReset;
        var other = Other(side).Link;
        if (other is not null)
        {
            if (fault.IsOrderly) other.Close();
            else other.Abort();
            return;
        }
        if (_client.Link is null && _server.Link is null) Finish();
    }

    /// <summary>The client's link is about to be somebody else's: who it was must be noted now.</summary>
    internal void NoteClientFacts(Link link)
    {
        Record.Source = _worker.Peers.Find(_worker.Snapshot, _connection.Source.Address, link.Tls is { } tls ? tls.PeerSpiffeId : default);
        _connection.End(link);
    }

    private TunnelSide Other(TunnelSide side) => side == _client ? _server : _client;

    private void Connect(ReadOnlySpan<byte> connectionId)
    {
        var cluster = _cluster!;
        var snapshot = _worker.Snapshot;
        if (!snapshot.IsAlive(BlockKind.Cluster, cluster.Id))
        {
            Fail(ResponseFlags.NoClusterFound, TunnelEnd.ClusterNotFound);
            return;
        }
        var view = snapshot.Cluster(cluster.Id);
        var endpoints = snapshot.EndpointsOf(view);
        var trace = default(NoTrace);
        var load = new ClusterLoad(cluster);
        ulong draw = EndpointDecision.DrawFor(snapshot, view, connectionId, _attempts);
        var choice = EndpointDecision.Pick(view, endpoints, _connection.Destination, draw, cluster.Sequence++, _tried[..(int)Math.Min(_attempts, MostTried)], ref load, ref trace);
        if (choice.Outcome == EndpointOutcome.NoHealthyUpstream)
        {
            cluster.Stats.Count(cluster.Stats.Metrics.CxNoneHealthy);
            Fail(ResponseFlags.NoHealthyUpstream, TunnelEnd.NoHealthyUpstream);
            return;
        }
        int tls = TransportSocketDecision.Choose(view, endpoints, choice.Index, ref trace);
        if (tls >= 0 && _worker.Process.Tls.Client is null)
        {
            Fail(ResponseFlags.UpstreamConnectionFailure, TunnelEnd.IdentityNotReady);
            return;
        }
        if (!cluster.Breaker.TryAcquireConnection(cluster.Limits.MaxConnections))
        {
            cluster.Stats.Count(cluster.Stats.Metrics.CxOverflow);
            Fail(ResponseFlags.UpstreamOverflow, TunnelEnd.Overflow);
            return;
        }
        _holdsConnection = true;
        if (_attempts < MostTried) _tried[(int)_attempts] = choice.Address;
        _attempts++;
        _cell = _worker.Process.Cells.Endpoint(cluster.Name, choice.Address);
        _cell.Begin();
        Record.UpstreamHost = choice.Address;
        _server.Take(null);
        _server.Take(_worker.Connect(Endpoints.ToNative(choice.Address), cluster, cluster.TlsOf(tls), _server));
    }

    private void OnConnectFailed(in LinkFault fault)
    {
        var cluster = _cluster!;
        cluster.Stats.Count(cluster.Stats.Metrics.CxConnectFail);
        if (fault.Reason is CloseReason.ConnectTimeout or CloseReason.HandshakeTimeout) cluster.Stats.Count(cluster.Stats.Metrics.CxConnectTimeout);
        _cell?.FailConnect();
        ReleaseServer(isSuccess: false);
        Record.TransportFailure = fault.Reason;
        Record.TlsFailure = fault.Tls.Kind;
        if (_client.Link is not { } client)
        {
            Finish();
            return;
        }
        if (_attempts < _mostAttempts)
        {
            Span<byte> id = stackalloc byte[16];
            client.Id.TryFormat(id, out _, "x16", null);
            Connect(id);
            return;
        }
        Fail(ResponseFlags.UpstreamConnectionFailure, TunnelEnd.ConnectFailed);
    }

    private void ReleaseServer(bool isSuccess)
    {
        if (!_holdsConnection) return;
        _holdsConnection = false;
        _cluster!.Breaker.ReleaseConnection();
        _cell?.End(isSuccess);
        if (_isOpenReported) _cell?.Disconnect();
    }

    private void Move(TunnelSide from, TunnelSide to)
    {
        if (from.Link is not { } source || to.Link is not { } target || !to.IsEstablished) return;
        var input = source.Input;
        if (input.IsEmpty) return;
        _lastActivity = _worker.Loop.NowMilliseconds;
        from.Received += input.Length;
        var status = target.Send(input);
        source.Consume(input.Length);
        if (status == SendStatus.AboveHighWatermark) source.PauseReading();
    }

    private void Fail(ResponseFlags flags, TunnelEnd end)
    {
        Record.Flags |= flags;
        Record.End = end;
        _client.Link?.Abort();
    }

    private void ReportBytes()
    {
        if (_series < 0) return;
        _worker.Metrics.Istio.RecordBytes(_worker.Shard, _series, _server.Received - _reportedSent, _client.Received - _reportedReceived);
        _reportedSent = _server.Received;
        _reportedReceived = _client.Received;
    }

    private void Finish()
    {
        if (!_timer.IsNone) _worker.Loop.Timers.Cancel(_timer);
        _timer = default;
        ReportBytes();
        if (_series >= 0) _worker.Metrics.Istio.RecordClosed(_worker.Shard, _series);
        Record.BytesSent = _server.Received;
        Record.BytesReceived = _client.Received;
        TunnelReporter.Log(this);
        var connection = _connection;
        _worker.ReturnTunnel(this);
        _worker.ReturnConnection(connection);
    }

    [InlineArray(MostTried)]
    private struct Tried
    {
        private IpPort _first;
    }
}
