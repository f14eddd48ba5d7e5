using System;
using Weft.Buffers;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Policy.Blocks;
using Weft.Proxy.Downstream;
using Weft.Proxy.Respond;
using Weft.Proxy.Workers;
using Weft.Reactor;

namespace Weft.Proxy.Http;

/// <summary>
/// The server side of one client's HTTP/1 connection: parses requests one at a time and in order, gives each to an <see cref="Exchange"/>, and
/// keeps the connection alive, drains or closes it. What is pipelined waits unread in the link. Owned by one loop; pooled; lives as long as the link.
/// </summary>
internal sealed class Http1Server(Worker worker) : ILinkHandler, ITimerTarget
{
    // Ours where configuration says nothing: a head that drips in must not hold a connection for ever (attacks T71).
    private const long DefaultHeaderMilliseconds = 60_000;
    private const long DefaultIdleMilliseconds = 60 * 60 * 1000;
    private const int IdleTimer = 1;
    private const int HeaderTimer = 2;

    private DownstreamConnection? _connection;
    private Link _link = null!;
    private Http1Parser _parser;
    private Http1Scratch _scratch = null!;
    private Exchange? _exchange;
    private SlotToken _timer;
    private int _timerKind;
    private int _served;
    private bool _isPumping;
    private bool _isBlocked;
    private bool _mustClose;
    private bool _isEnding;
    private bool _isClosed;
    private HttpManagerRecord _manager;
    private byte[] _serverName = [];

    public DownstreamConnection Connection => _connection!;
    public Link Link => _link;

    /// <summary>Limits and modes of the HTTP connection manager; its texts must be read from the snapshot.</summary>
    public ref readonly HttpManagerRecord Manager => ref _manager;

    /// <summary>What the server header says.</summary>
    public ReadOnlySpan<byte> ServerName => _serverName;

    /// <summary>True while bytes of the current request's body are still to come.</summary>
    public bool IsRequestIncomplete => _parser.IsInBody;

    /// <summary>Takes over a link whose chain ends in an HTTP connection manager.</summary>
    public void Begin(DownstreamConnection connection)
    {
        _connection = connection;
        _link = connection.Link;
        _link.Handler = this;
        _parser = new Http1Parser(Http1Role.Server);
        _exchange = null;
        _served = 0;
        _isPumping = _isBlocked = _mustClose = _isEnding = _isClosed = false;
        _timer = default;
        ReadManager();
        _scratch = worker.RequestScratch(_manager.MaxRequestHeadersKb, _manager.MaxHeadersCount);
        worker.Shard.Increment(worker.Metrics.HttpConnections);
        worker.Register(this);
        ArmIdle();
        if (!_link.Input.IsEmpty) Pump();
    }

    /// <summary>True if this connection will not serve another request after the one under way.</summary>
    public bool IsLast => _mustClose || _isEnding || worker.IsDraining || (_link.HasPeerEof && _link.Input.IsEmpty) || IsWornOut();

    /// <summary>The exchange can take more of the body again.</summary>
    public void ResumeRequest()
    {
        if (!_isBlocked || _isClosed) return;
        _isBlocked = false;
        _link.ResumeReading();
        if (!_isPumping) Pump();
    }

    /// <summary>
    /// The exchange is over and its answer (if any) is written. <paramref name="keepAlive"/>: the answer did not say that the connection ends;
    /// <paramref name="isRequestWhole"/>: no byte of the request is still to come.
    /// </summary>
    public void OnExchangeFinished(bool keepAlive, bool isRequestWhole)
    {
        _exchange = null;
        worker.Shard.Add(worker.Metrics.HttpActive, -1);
        if (_isClosed) return;
        if (!keepAlive || !isRequestWhole)
        {
            // Unread rest of a body: the link drains it for a moment so that the answer is not cut off by a reset; nothing is parsed any more (attacks T25).
            Close();
            return;
        }
        if (_isBlocked)
        {
            _isBlocked = false;
            _link.ResumeReading();
        }
        if (_isPumping) return;
        ArmIdle();
        Pump();
    }

    /// <summary>Nothing of the answer can be sent in a way the client would understand: it must see a broken connection.</summary>
    public void Abort()
    {
        _mustClose = true;
        _link.Abort();
    }

    public void Close()
    {
        _mustClose = true;
        CancelTimer();
        _link.Close();
    }

    /// <summary>A drain began, or the client's root of trust is gone: an idle connection ends now, a busy one with its answer.</summary>
    public void Drain()
    {
        _isEnding = true;
        if (_exchange is null && _parser.IsIdle && _link.Input.IsEmpty) Close();
    }

    void ILinkHandler.OnEstablished(Link link)
    {
        // Long ago: the connection took the link over established.
    }

    void ILinkHandler.OnReadable(Link link) => Pump();

    void ILinkHandler.OnWritable(Link link) => _exchange?.OnDownstreamWritable();

    void ILinkHandler.OnPeerEof(Link link)
    {
        if (_exchange is null)
        {
            // Idle, or in the middle of a head that will never be whole.
            Close();
            return;
        }
        if (_parser.IsInBody && !_isBlocked && _link.Input.IsEmpty)
        {
            // The body is cut short: what was sent on must not look whole.
            _exchange.OnDownstreamGone();
            return;
        }
        // A client that only half-closed still waits for its answer, and for those to what it pipelined before.
    }

    void ILinkHandler.OnClosed(Link link, in LinkFault fault)
    {
        _isClosed = true;
        CancelTimer();
        if (_exchange is { } exchange)
        {
            exchange.OnDownstreamGone();
        }
        var connection = _connection!;
        _connection = null;
        connection.EndAndReturn(link);
        worker.Forget(this);
        worker.ReturnServer(this);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        _timer = default;
        if (kind == IdleTimer)
        {
            if (_exchange is not null || !_parser.IsIdle) return;
            worker.Shard.Increment(worker.Metrics.IdleTimeouts);
            Close();
            return;
        }
        if (_exchange is not null) return;
        worker.Shard.Increment(worker.Metrics.HeaderTimeouts);
        Refuse(LocalReply.RequestHeaderTimeout, Http1Fault.None);
    }

    /// <summary>Feeds the parser, message by message, as long as something can be done.</summary>
    private void Pump()
    {
        if (_isPumping) return;
        _isPumping = true;
        while (CanPump())
        {
            // A request that was answered from its head may still have its (empty) end to be reported.
            if (_exchange is null && _link.Input.IsEmpty && !_parser.IsInBody) break;
            var sink = new RequestSink(this);
            var progress = _parser.Push(_link.Input, _scratch, ref sink, out int consumed);
            _link.Consume(consumed);
            if (!After(progress)) break;
        }
        _isPumping = false;
        // Nothing is under way and nothing more can come.
        if (_exchange is null && !_mustClose && _link.HasPeerEof && _link.Input.IsEmpty) Close();
    }

    // While a request is whole and its answer under way, the next one waits in the link.
    private bool CanPump() => !_isClosed && !_mustClose && !_isBlocked && _link.IsAlive && (_exchange is null || _parser.IsInBody);

    private bool After(Progress progress)
    {
        switch (progress)
        {
            case Progress.NeedMore:
                if (_exchange is null)
                {
                    if (!_parser.IsIdle || !_link.Input.IsEmpty) ArmHeader();
                    if (_link.HasPeerEof) Close();
                }
                else if (_link.HasPeerEof && _parser.IsInBody)
                {
                    _exchange.OnDownstreamGone();
                }
                return false;
            case Progress.MessageEnd:
                // Finished already (a local answer): the next request may be waiting.
                if (_exchange is null && !_mustClose) ArmIdle();
                return true;
            case Progress.Paused:
                if (_exchange is null) return true;
                _isBlocked = true;
                _link.PauseReading();
                return false;
            default:
                Reject();
                return false;
        }
    }

    private void Reject()
    {
        var fault = _parser.Fault;
        worker.CountReason(Http1Faults.Name(fault), worker.Metrics.RejectedFor);
        if (_exchange is { } exchange) exchange.OnRequestRejected(fault);
        else if (!_mustClose) Refuse(LocalReply.DownstreamProtocolError, fault);
    }

    /// <summary>Answers what never became a request, and ends the connection.</summary>
    private void Refuse(LocalReply reply, Http1Fault fault)
    {
        worker.Shard.Add(worker.Metrics.HttpActive, 1);
        _exchange = worker.RentExchange();
        _exchange.Refuse(this, reply, fault);
    }

    private bool OnHead(scoped in Http1Head head)
    {
        // An idle timer is left to run and ignored: moving it at the next idle moment is cheaper than making it anew.
        if (_timerKind == HeaderTimer) CancelTimer();
        _served++;
        worker.Shard.Increment(worker.Metrics.HttpRequests);
        worker.Shard.Add(worker.Metrics.HttpActive, 1);
        var exchange = worker.RentExchange();
        _exchange = exchange;
        bool canFollow = _connection!.Follow(out bool isChanged);
        if (canFollow && isChanged) ReadManager();
        exchange.Begin(this, head, canFollow);
        return ReferenceEquals(_exchange, exchange) && !_mustClose;
    }

    private bool OnBody(ReadOnlySpan<byte> chunk) => _exchange is { } exchange && exchange.OnRequestBody(chunk) && !_mustClose;

    private void OnEnd(scoped in HeaderBlock trailers) => _exchange?.OnRequestEnd(trailers);

    // Its numbers are copied: the listener may be gone while the connection still idles. Texts are read from the block, per request.
    private void ReadManager()
    {
        var listener = worker.Snapshot.Listener(_connection!.Listener);
        _manager = listener.Http(_connection.Terminal);
        _serverName = worker.ServerName(listener.Block.Utf8(_manager.ServerName));
    }

    private bool IsWornOut() => _manager.MaxRequestsPerConnection != 0 && _served >= _manager.MaxRequestsPerConnection;

    private void ArmIdle()
    {
        var limit = _manager.IdleTimeout;
        long wait = !limit.IsSet ? DefaultIdleMilliseconds : (long)limit.Value.TotalMilliseconds;
        Arm(IdleTimer, wait);
    }

    private void ArmHeader()
    {
        if (_timerKind == HeaderTimer && !_timer.IsNone) return;
        var limit = _manager.RequestHeadersTimeout;
        Arm(HeaderTimer, limit.IsLimit ? (long)limit.Value.TotalMilliseconds : DefaultHeaderMilliseconds);
    }

    private void Arm(int kind, long milliseconds)
    {
        if (milliseconds <= 0)
        {
            CancelTimer();
            return;
        }
        // Moving a timer to later only writes a number, so an idle timer costs a request next to nothing.
        if (_timerKind == kind && worker.Loop.Timers.Reschedule(_timer, milliseconds)) return;
        CancelTimer();
        _timerKind = kind;
        _timer = worker.Loop.Timers.Schedule(milliseconds, this, kind);
    }

    private void CancelTimer()
    {
        if (_timer.IsNone) return;
        worker.Loop.Timers.Cancel(_timer);
        _timer = default;
    }

    private readonly struct RequestSink(Http1Server owner) : IHttp1Sink
    {
        public bool OnHead(scoped in Http1Head head) => owner.OnHead(head);
        public bool OnBody(ReadOnlySpan<byte> chunk) => owner.OnBody(chunk);
        public void OnEnd(scoped in HeaderBlock trailers) => owner.OnEnd(trailers);
    }
}
