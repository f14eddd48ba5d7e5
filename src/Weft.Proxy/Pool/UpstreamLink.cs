using System;
using Weft.Buffers;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Proxy.Workers;
using Weft.Reactor;

namespace Weft.Proxy.Pool;

/// <summary>
/// One HTTP/1 connection to an endpoint: drives the response parser and lends itself to one exchange at a time. It goes back to its pool only
/// when the parser is between messages, no byte is left over and the request was sent whole; anything else closes it.
/// Owned by one loop; pooled. Never decides anything about a request.
/// </summary>
internal sealed class UpstreamLink(Worker worker) : ILinkHandler, ITimerTarget
{
    private const int IdleTimer = 1;
    private const int DurationTimer = 2;

    private Link? _link;
    private EndpointPool? _pool;
    private IUpstreamClient? _client;
    private Http1Parser _parser;
    private SlotToken _idleTimer;
    private SlotToken _durationTimer;
    private bool _isEstablished;
    private bool _isPaused;
    private bool _peerKeepsAlive;
    private bool _mustClose;
    private bool _sawResponse;
    private bool _isPumping;

    /// <summary>Neighbours in the pool's list of idle links.</summary>
    public UpstreamLink? PreviousIdle { get; set; }
    public UpstreamLink? NextIdle { get; set; }

    /// <summary>Requests begun on this connection.</summary>
    public int Served { get; private set; }

    /// <summary>True if the exchange that holds it is not its first: an end without an answer may then be the race with the server's idle timeout.</summary>
    public bool IsReused => Served > 1;

    /// <summary>The connection below; null once closed.</summary>
    public Link? Link => _link;

    public bool IsIdle => _isEstablished && _client is null;

    /// <summary>True once any byte of an answer to the current request arrived.</summary>
    public bool SawResponse => _sawResponse;

    /// <summary>Starts a connection for <paramref name="pool"/>. The outcome comes to the pool later in the turn or after it.</summary>
    public void Connect(EndpointPool pool)
    {
        _pool = pool;
        _parser = new Http1Parser(Http1Role.Client);
        _client = null;
        _isEstablished = _isPaused = _mustClose = _sawResponse = false;
        Served = 0;
        _link = pool.Open(this);
    }

    /// <summary>Lends the connection to <paramref name="client"/> for one request.</summary>
    public void Begin(IUpstreamClient client, KnownMethod method)
    {
        _client = client;
        Served++;
        _sawResponse = false;
        _peerKeepsAlive = false;
        _parser.ExpectResponse(method);
        worker.Loop.Timers.Cancel(_idleTimer);
        _idleTimer = default;
    }

    /// <summary>Sends bytes of the request.</summary>
    public SendStatus Send(ReadOnlySpan<byte> bytes) => _link is { } link ? link.Send(bytes) : SendStatus.Closed;

    /// <summary>Takes up the response again after a pause.</summary>
    public void Resume()
    {
        if (!_isPaused || _link is null) return;
        _isPaused = false;
        _link.ResumeReading();
        Pump();
    }

    /// <summary>The exchange wants no more of it: the connection cannot be used again and is reset.</summary>
    public void Abandon()
    {
        _client = null;
        _mustClose = true;
        _link?.Abort();
    }

    /// <summary>Idle and no longer wanted: ends in good order.</summary>
    public void Retire()
    {
        _mustClose = true;
        _link?.Close();
    }

    public void ArmIdleTimer(long milliseconds)
    {
        if (milliseconds > 0) _idleTimer = worker.Loop.Timers.Schedule(milliseconds, this, IdleTimer);
    }

    void ILinkHandler.OnEstablished(Link link)
    {
        _isEstablished = true;
        long life = _pool!.Cluster.MaxConnectionMilliseconds;
        if (life > 0) _durationTimer = worker.Loop.Timers.Schedule(life, this, DurationTimer);
        _pool.OnConnected(this);
    }

    void ILinkHandler.OnReadable(Link link) => Pump();

    void ILinkHandler.OnWritable(Link link) => _client?.OnUpstreamWritable();

    void ILinkHandler.OnPeerEof(Link link)
    {
        if (_client is null)
        {
            // The server's idle timeout, usually. Leave the pool before anybody is lent a dead link.
            Retire();
            _pool!.OnIdleEnded(this);
            return;
        }
        if (_isPaused)
        {
            // The rest of the answer still lies in the input; it is pushed when the client can take it.
            _mustClose = true;
            return;
        }
        EndOfInput();
    }

    void ILinkHandler.OnClosed(Link link, in LinkFault fault)
    {
        worker.Loop.Timers.Cancel(_idleTimer);
        worker.Loop.Timers.Cancel(_durationTimer);
        _idleTimer = _durationTimer = default;
        var client = _client;
        var pool = _pool!;
        bool wasEstablished = _isEstablished;
        bool sawResponse = _sawResponse;
        _link = null;
        _client = null;
        if (wasEstablished) pool.OnDisconnected(this);
        else pool.OnConnectFailed(this, fault);
        client?.OnUpstreamGone(fault, sawResponse);
        _pool = null;
        worker.ReturnUpstream(this);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        if (kind == IdleTimer)
        {
            _idleTimer = default;
            if (!IsIdle) return;
            _pool!.OnIdleEnded(this);
            Retire();
            return;
        }
        _durationTimer = default;
        _mustClose = true;
        if (!IsIdle) return;
        _pool!.OnIdleEnded(this);
        Retire();
    }

    /// <summary>Feeds what has arrived to the parser, until it needs more, must wait, or the answer is complete.</summary>
    private void Pump()
    {
        if (_isPumping || _isPaused || _link is not { } link) return;
        if (_client is null)
        {
            // Bytes nobody asked for: an answer to no request must never meet the next one (attacks T31).
            if (link.Input.IsEmpty || _mustClose) return;
            worker.Shard.Increment(worker.Metrics.Unsolicited);
            _pool!.OnIdleEnded(this);
            Abandon();
            return;
        }
        _isPumping = true;
        if (!link.Input.IsEmpty) _sawResponse = true;
        var sink = new ResponseSink(this);
        var progress = _parser.Push(link.Input, worker.ResponseScratch, ref sink, out int consumed);
        link.Consume(consumed);
        _isPumping = false;
        After(progress, link);
    }

    private void After(Progress progress, Link link)
    {
        // The client may have let go of us from inside the push.
        if (_client is not { } client) return;
        switch (progress)
        {
            case Progress.NeedMore:
                if (link.HasPeerEof) EndOfInput();
                return;
            case Progress.Paused:
                _isPaused = true;
                link.PauseReading();
                return;
            case Progress.MessageEnd:
                Complete(client, link);
                return;
            case Progress.Rejected:
                _client = null;
                _mustClose = true;
                link.Abort();
                client.OnUpstreamRejected(_parser.Fault, _sawResponse);
                return;
        }
    }

    private void EndOfInput()
    {
        if (_client is not { } client || _link is not { } link) return;
        var sink = new ResponseSink(this);
        _mustClose = true;
        switch (_parser.PushEof(ref sink))
        {
            case Progress.MessageEnd:
                Complete(client, link);
                return;
            default:
                // Either nothing of the answer had come, or it was cut short: the exchange knows which.
                _client = null;
                link.Abort();
                client.OnUpstreamGone(new LinkFault(CloseReason.PeerReset), _sawResponse);
                return;
        }
    }

    private void Complete(IUpstreamClient client, Link link)
    {
        bool isWhole = client.IsRequestSent;
        if (!link.Input.IsEmpty) worker.Shard.Increment(worker.Metrics.Leftovers);
        _client = null;
        // Proven by the parser: between messages, nothing left over, nothing of ours still under way (attacks T25, T31).
        if (_peerKeepsAlive && !_mustClose && isWhole && _parser.IsIdle && link.Input.IsEmpty && !link.HasPeerEof && link.OutputPending == 0
            && !_pool!.IsWornOut(this))
        {
            _pool.OnReleased(this);
        }
        else
        {
            _mustClose = true;
            if (isWhole) link.Close();
            else link.Abort();
        }
        client.OnResponseComplete();
    }

    /// <summary>Hands the parser's events to the exchange.</summary>
    private readonly struct ResponseSink(UpstreamLink owner) : IHttp1Sink
    {
        public bool OnHead(scoped in Http1Head head)
        {
            if (owner._client is not { } client) return false;
            if (!head.IsInterim) owner._peerKeepsAlive = head.KeepAlive;
            return client.OnResponseHead(head) && owner._client is not null;
        }

        public bool OnBody(ReadOnlySpan<byte> chunk) => owner._client is { } client && client.OnResponseBody(chunk) && owner._client is not null;

        public void OnEnd(scoped in HeaderBlock trailers) => owner._client?.OnResponseEnd(trailers);
    }
}
