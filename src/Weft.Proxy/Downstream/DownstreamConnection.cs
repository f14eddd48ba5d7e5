using System;
using Weft.Buffers;
using Weft.Http.Sniff;
using Weft.Policy.Model;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;
using Weft.Proxy.Pool;
using Weft.Proxy.Workers;
using Weft.Reactor;
using Weft.Telemetry;
using Weft.Telemetry.AccessLog;

namespace Weft.Proxy.Downstream;

/// <summary>
/// A connection from a client, from accept to close: where it wanted to go, what it speaks, who it proved to be, and by which listener and filter
/// chain it is served. It sniffs and does the TLS handshake itself; then the link's events go to an HTTP server or a TCP tunnel, which keep this as
/// their facts. Owned by one loop; pooled.
/// </summary>
internal sealed class DownstreamConnection(Worker worker) : ILinkHandler, ITimerTarget
{
    private const int MostProtocolBytes = 512;
    private readonly byte[] _serverName = new byte[256];
    private readonly byte[] _protocols = new byte[MostProtocolBytes];
    private int _serverNameLength;
    private int _protocolsLength;
    private bool _isTlsSeen;
    private ProtocolSniffer _sniffer;
    private SlotToken _timer;
    private Stage _stage;
    private bool _inspectsTls;
    private bool _inspectsHttp;
    private IpPort _listenerAddress;
    private BlockDigest _listenerDigest;
    private int _series;
    private string _refusal = "";

    private enum Stage : byte
    {
        Detecting,
        Handshaking,
        Serving,
        Ended,
    }

    public Worker Worker => worker;
    public Link Link { get; private set; } = null!;
    public ListenerSide Side { get; private set; }

    /// <summary>Original destination.</summary>
    public IpPort Destination { get; private set; }

    /// <summary>The client's socket.</summary>
    public IpPort Source { get; private set; }
    public ResourceId Listener { get; private set; }
    public int FilterChain { get; private set; }

    /// <summary>Index of the HTTP manager or TCP proxy in the listener.</summary>
    public int Terminal { get; private set; }

    /// <summary>TLS ends here, and the client proved who it is if <see cref="PeerSpiffeId"/> says so.</summary>
    public bool IsTls => Link.Tls is not null;
    public ReadOnlySpan<byte> PeerSpiffeId => Link.Tls is { } tls ? tls.PeerSpiffeId : default;
    public ReadOnlySpan<byte> ServerName => _serverName.AsSpan(0, _serverNameLength);

    /// <summary>Begins to serve an accepted link. False: refuse it (<see cref="LogRefusal"/> says why).</summary>
    public bool Begin(Link link, ListenerSide side, in IpPort listener, in IpPort destination, int series)
    {
        Link = link;
        link.Handler = this;
        Side = side;
        Destination = destination;
        Source = Endpoints.ToPolicy(link.RemoteAddress);
        Listener = default;
        _listenerAddress = listener;
        _series = series;
        _serverNameLength = _protocolsLength = 0;
        _isTlsSeen = false;
        _sniffer = default;
        _refusal = "";
        _stage = Stage.Detecting;
        worker.Shard.Add(worker.Metrics.ConnectionsActive, 1);
        worker.Shard.Add(series + worker.Metrics.ListenerCxActive.Offset, 1);
        if (!ChooseListener()) return Refuse("listener_not_found");

        var view = worker.Snapshot.Listener(Listener);
        _inspectsTls = view.RunsFilter(ListenerFilterKind.TlsInspector, destination.Port);
        _inspectsHttp = view.RunsFilter(ListenerFilterKind.HttpInspector, destination.Port);
        if (!_inspectsTls && !_inspectsHttp) return TakeChain();
        long patience = view.Root.ListenerFiltersTimeout.IsLimit
            ? (long)view.Root.ListenerFiltersTimeout.Value.TotalMilliseconds
            : worker.Process.Options.DetectionTimeoutMilliseconds;
        _timer = worker.Loop.Timers.Schedule(patience, this, 0);
        return true;
    }

    /// <summary>
    /// Before each request: the listener and chain as configuration has them now. False if the connection would not be accepted any more in the form
    /// it has (no chain, or TLS where there was none): then it must end.
    /// </summary>
    public bool Follow(out bool isChanged)
    {
        isChanged = false;
        var snapshot = worker.Snapshot;
        if (snapshot.IsAlive(BlockKind.Listener, Listener) && snapshot.DigestOf(BlockKind.Listener, Listener.Slot) == _listenerDigest) return true;
        if (!ChooseListener()) return false;
        var view = snapshot.Listener(Listener);
        int chain = ChooseChain(view);
        if (chain == FilterChainDecision.NoChain) return false;
        ref readonly var record = ref view.Chain(chain);
        if (record.TerminalFilter != TerminalFilterKind.HttpConnectionManager || record.Tls >= 0 != IsTls) return false;
        FilterChain = chain;
        Terminal = record.TerminalIndex;
        isChanged = true;
        return true;
    }

    /// <summary>The last call: whoever serves the link says that it is over.</summary>
    public void End(Link link)
    {
        if (_stage == Stage.Ended) return;
        _stage = Stage.Ended;
        worker.Loop.Timers.Cancel(_timer);
        _timer = default;
        worker.Shard.Add(worker.Metrics.ConnectionsActive, -1);
        worker.Shard.Add(_series + worker.Metrics.ListenerCxActive.Offset, -1);
    }

    /// <summary>Ends and goes back to the pool: for the HTTP server and the tunnel, in their OnClosed.</summary>
    public void EndAndReturn(Link link)
    {
        End(link);
        worker.ReturnConnection(this);
    }

    /// <summary>One log line for a connection that never reached a filter.</summary>
    public void LogRefusal(Link link)
    {
        if (_refusal.Length == 0 || worker.AccessLog is not { } log) return;
        Span<byte> local = stackalloc byte[56];
        Span<byte> remote = stackalloc byte[56];
        Span<byte> reason = stackalloc byte[128];
        Span<byte> origin = stackalloc byte[512];
        Endpoints.ToNative(Destination).TryFormat(local, out int localLength);
        link.RemoteAddress.TryFormat(remote, out int remoteLength);
        int reasonLength = System.Text.Encoding.ASCII.GetBytes(_refusal.AsSpan(0, Math.Min(_refusal.Length, 128)), reason);
        log.Write(new AccessLogRecord
        {
            StartTimeMicroseconds = worker.NowMicroseconds + worker.Process.WallClockOffsetMicroseconds,
            ResponseFlags = _stage == Stage.Handshaking ? ResponseFlags.None : ResponseFlags.NoRouteFound,
            ResponseCodeDetails = _refusal == "plaintext_to_strict_port" ? ResponseCodeDetails.FilterChainNotFound : default,
            ConnectionTerminationDetails = reason[..reasonLength],
            DownstreamLocalAddress = local[..localLength],
            DownstreamRemoteAddress = remote[..remoteLength],
            RequestedServerName = ServerName,
            SnapshotDigest = worker.DigestUtf8,
            Origin = OriginOfRefusal(origin),
        });
    }

    void ILinkHandler.OnReadable(Link link)
    {
        if (_stage == Stage.Detecting) Detect();
    }

    void ILinkHandler.OnEstablished(Link link)
    {
        worker.Loop.Timers.Cancel(_timer);
        StartTerminal();
    }

    void ILinkHandler.OnWritable(Link link)
    {
        // Nothing is sent before a terminal filter has the link.
    }

    void ILinkHandler.OnPeerEof(Link link)
    {
        if (_stage != Stage.Detecting) return;
        // It says no more: what came is all there is to judge by.
        if (link.Input.IsEmpty) link.Close();
        else Decide(_sniffer.Push(link.Input) == SniffedProtocol.Tls ? "incomplete_client_hello" : "incomplete");
    }

    void ILinkHandler.OnClosed(Link link, in LinkFault fault)
    {
        if (_stage == Stage.Handshaking && fault.Reason != CloseReason.LoopStopped)
        {
            string reason = fault.Tls.IsNone ? fault.Reason.ToString() : fault.Tls.Kind.ToString();
            worker.CountReason(reason, worker.Metrics.TlsFailureFor);
            _refusal = "downstream_tls:" + reason;
            LogRefusal(link);
        }
        EndAndReturn(link);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        _timer = default;
        if (_stage == Stage.Detecting) Decide(Link.Input.IsEmpty ? "silence" : "incomplete");
        else if (_stage == Stage.Handshaking) Link.Close(CloseReason.HandshakeTimeout);
    }

    private bool ChooseListener()
    {
        var snapshot = worker.Snapshot;
        var own = snapshot.FindListener(_listenerAddress);
        if (own.IsNone) return false;
        var trace = default(NoTrace);
        Listener = Side == ListenerSide.Gateway ? own : ListenerDecision.Choose(snapshot, own, Destination, ref trace).Listener;
        _listenerDigest = snapshot.DigestOf(BlockKind.Listener, Listener.Slot);
        return true;
    }

    private void Detect()
    {
        var input = Link.Input;
        var protocol = _sniffer.Push(input);
        switch (protocol)
        {
            case SniffedProtocol.NeedMore:
                return;
            case SniffedProtocol.Tls when _inspectsTls:
                switch (ClientHello.Read(input, worker.HelloScratch, out var hello))
                {
                    case ClientHelloStatus.NeedMore:
                        return;
                    case ClientHelloStatus.Complete:
                        Remember(hello);
                        break;
                }
                _isTlsSeen = true;
                break;
            case SniffedProtocol.Http1 when _inspectsHttp:
                RememberProtocol("http/1.1"u8);
                break;
            case SniffedProtocol.Http2 when _inspectsHttp:
                // Until HTTP/2 lands it is opaque, and said so.
                worker.CountReason("http2", worker.Metrics.DetectedFor);
                break;
            default:
                if (_inspectsHttp) worker.CountReason("not_http", worker.Metrics.DetectedFor);
                break;
        }
        Decide(null);
    }

    private void Remember(ClientHello hello)
    {
        var name = hello.ServerName;
        _serverNameLength = Math.Min(name.Length, _serverName.Length);
        name[.._serverNameLength].CopyTo(_serverName);
        var protocols = hello.Protocols;
        while (!protocols.IsEmpty)
        {
            RememberProtocol(protocols.Slice(1, protocols[0]));
            protocols = protocols[(1 + protocols[0])..];
        }
    }

    private void RememberProtocol(ReadOnlySpan<byte> name)
    {
        if (_protocolsLength + 1 + name.Length > MostProtocolBytes) return;
        _protocols[_protocolsLength++] = (byte)name.Length;
        name.CopyTo(_protocols.AsSpan(_protocolsLength));
        _protocolsLength += name.Length;
    }

    /// <summary>Detection is over; never again on this connection.</summary>
    private void Decide(string? becameTcp)
    {
        worker.Loop.Timers.Cancel(_timer);
        _timer = default;
        if (becameTcp is not null) worker.CountReason(becameTcp, worker.Metrics.DetectedFor);
        if (TakeChain()) return;
        LogRefusal(Link);
        Link.Abort();
    }

    private int ChooseChain(ListenerView view)
    {
        var trace = default(NoTrace);
        return FilterChainDecision.Choose(
            view,
            new ConnectionFacts
            {
                Destination = Destination,
                DirectSource = Source,
                Source = Source,
                ServerName = ServerName,
                TransportProtocol = _isTlsSeen ? "tls"u8 : "raw_buffer"u8,
                ApplicationProtocols = _protocols.AsSpan(0, _protocolsLength),
            },
            ref trace);
    }

    private bool TakeChain()
    {
        var view = worker.Snapshot.Listener(Listener);
        FilterChain = ChooseChain(view);
        if (FilterChain == FilterChainDecision.NoChain)
        {
            worker.Shard.Increment(_series + worker.Metrics.ListenerNoChain.Offset);
            if (Side != ListenerSide.Inbound || _isTlsSeen || StrictChain(view) < 0) return Refuse("filter_chain_not_found");
            worker.Shard.Increment(worker.Metrics.PlaintextRefused);
            return Refuse("plaintext_to_strict_port");
        }
        ref readonly var chain = ref view.Chain(FilterChain);
        Terminal = chain.TerminalIndex;
        if (chain.Tls < 0)
        {
            StartTerminal();
            return true;
        }
        var context = view.Tls(chain.Tls).RequireClientCertificate != 0 ? worker.Process.Tls.MutualServer : worker.Process.Tls.SimpleServer;
        if (context is null) return Refuse("identity_not_ready");
        if (worker.ServerTls(Listener, view, chain.Tls) is not { } options) return Refuse("client_names_cannot_be_checked");
        _stage = Stage.Handshaking;
        if (chain.TransportSocketConnectTimeout.IsLimit)
            _timer = worker.Loop.Timers.Schedule((long)chain.TransportSocketConnectTimeout.Value.TotalMilliseconds, this, 0);
        Link.StartTls(context, options);
        return true;
    }

    private void StartTerminal()
    {
        _stage = Stage.Serving;
        bool isHttp = worker.Snapshot.IsAlive(BlockKind.Listener, Listener)
            && worker.Snapshot.Listener(Listener).Chain(FilterChain).TerminalFilter == TerminalFilterKind.HttpConnectionManager;
        if (isHttp) worker.RentServer().Begin(this);
        else worker.RentTunnel().Begin(this);
    }

    private bool Refuse(string reason)
    {
        _refusal = reason;
        return false;
    }

    /// <summary>The chain that would have taken this connection over TLS: what makes its port STRICT.</summary>
    private int StrictChain(ListenerView view)
    {
        int fallback = -1;
        for (int i = 0; i < view.FilterChains.Length; i++)
        {
            ref readonly var chain = ref view.FilterChains[i];
            if (chain.Tls < 0) continue;
            if (chain.DestinationPort == Destination.Port) return i;
            if (chain.DestinationPort == 0) fallback = i;
        }
        return fallback;
    }

    private ReadOnlySpan<byte> OriginOfRefusal(Span<byte> room)
    {
        if (_refusal != "plaintext_to_strict_port") return default;
        var view = worker.Snapshot.Listener(Listener);
        int chain = view.IsEmpty ? -1 : StrictChain(view);
        return chain < 0 ? default : OriginText.Write(view.Block, view.Chain(chain).Origins, room, "mtls"u8);
    }
}
