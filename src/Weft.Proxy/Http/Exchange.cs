using System;
using Weft.Http;
using Weft.Http.Http1;
using Weft.Policy.Decide;
using Weft.Proxy.Downstream;
using Weft.Proxy.Pool;
using Weft.Proxy.Respond;
using Weft.Proxy.Workers;
using Weft.Reactor;
using Weft.Telemetry;

namespace Weft.Proxy.Http;

/// <summary>
/// One request and its answer, from the head that came to the line in the log: decided once by the snapshot of that turn, sent to an endpoint
/// (again, if policy allows and nothing of an answer went out), its answer streamed back. It belongs to a connection but is not one.
/// Owned by one loop; pooled; keeps ids, limits and copied text, never a snapshot.
/// </summary>
internal sealed class Exchange : PoolWaiter, IUpstreamClient, ITimerTarget
{
    private const int RouteTimer = ExchangeTimers.Route;
    private const int TryTimer = ExchangeTimers.Try;
    private const int BackOffTimer = ExchangeTimers.BackOff;
    private const int IdleTimer = ExchangeTimers.Idle;
    private const int DurationTimer = ExchangeTimers.Duration;
    private const int ContinueStatus = 100;

    private readonly Worker _worker;
    private Http1Server _server = null!;
    private DownstreamConnection _connection = null!;
    private ExchangeText _text = new();
    private ReplayBuffer _replay;
    private ResponseOps _responseOps = new();
    private TriedEndpoints _tried;
    private RequestTimeouts _timeouts;
    private ClusterState? _cluster;
    private EndpointPool? _pool;
    private UpstreamLink? _upstream;
    private ExchangeTimers _timers;
    private ResponsePlan _plan;
    private BodyFraming _requestFraming;
    private long _lastActivity;
    private uint _staleRetries;
    private bool _hasRequestSlot;
    private bool _isRetrySlotHeld;
    private bool _isReplayWhole;
    private bool _isRequestComplete;
    private bool _isRequestSent;
    private bool _isRequestBlocked;
    private bool _isResponseStarted;
    private bool _isResponseBlocked;
    private bool _sendsAttemptCount;
    private bool _isOver;

    public Exchange(Worker worker) => _worker = worker;

    /// <summary>What the log and the metrics will say. Filled as it becomes known.</summary>
    public ExchangeRecord Record;

    internal override IUpstreamClient Client => this;
    public Worker Worker => _worker;
    public Http1Server Server => _server;
    public DownstreamConnection Connection => _connection;
    public RequestChoice Choice { get; private set; }
    public ClusterState? Cluster => _cluster;
    public ref ExchangeText Text => ref _text;
    public ref ResponseOps ResponseOps => ref _responseOps;

    /// <inheritdoc/>
    public bool IsRequestSent => _isRequestSent;

    /// <summary>Takes a request whose head has come. <paramref name="isServed"/>: the connection's listener still serves it.</summary>
    public void Begin(Http1Server server, scoped in Http1Head head, bool isServed)
    {
        Reset(server);
        _requestFraming = head.Framing;
        _isRequestComplete = head.Framing == BodyFraming.None || (head.Framing == BodyFraming.Length && head.ContentLength == 0);
        var reply = isServed ? RequestIntake.Take(this, head) : RequestIntake.Describe(this, head, LocalReply.RouteConfigurationNotFound);
        if (reply != LocalReply.None)
        {
            // A connection whose listener is gone has no future either.
            if (!isServed) Record.KeepAlive = false;
            Reply(reply);
            return;
        }
        ArmStreamTimers();
        StartAttempt();
    }

    /// <summary>Answers what never became a request.</summary>
    public void Refuse(Http1Server server, LocalReply reply, Http1Fault fault)
    {
        Reset(server);
        Record.Fault = fault;
        Record.KeepAlive = false;
        Reply(reply);
    }

    /// <summary>The intake's result: where the request goes, and its head as it is to be sent.</summary>
    public void Dispatch(in RequestChoice choice, ClusterState cluster, in RequestTimeouts timeouts, ReadOnlySpan<byte> head, bool sendsAttemptCount)
    {
        Choice = choice;
        _cluster = cluster;
        _timeouts = timeouts;
        _sendsAttemptCount = sendsAttemptCount;
        _isReplayWhole = true;
        _replay.Begin(_worker.Loop.Slabs, head);
    }

    public void Note(in RequestChoice choice) => Choice = choice;

    /// <summary>A piece of the request's body. False: no more for now.</summary>
    public bool OnRequestBody(ReadOnlySpan<byte> chunk)
    {
        if (_isOver) return true;
        Record.BytesReceived += chunk.Length;
        Touch();
        var slabs = _worker.Loop.Slabs;
        bool isAttached = _upstream is not null;
        if (_isReplayWhole && isAttached && _replay.IsFull)
        {
            _isReplayWhole = false;
            _replay.Clear(slabs);
            _worker.Shard.Increment(_worker.Metrics.ReplayOverflows);
        }
        Span<byte> size = stackalloc byte[ChunkWriter.MaxBeginBytes];
        int sizeLength = _requestFraming == BodyFraming.Chunked ? ChunkWriter.Begin(size, chunk.Length) : 0;
        if (_isReplayWhole)
        {
            _replay.Append(slabs, size[..sizeLength]);
            _replay.Append(slabs, chunk);
            if (sizeLength > 0) _replay.Append(slabs, ChunkWriter.ChunkEnd);
        }
        if (!isAttached)
        {
            // Nobody to send to yet: hold what a retry may hold anyway, then let the client wait.
            if (!_replay.IsFull) return true;
            _isRequestBlocked = true;
            return false;
        }
        var status = SendStatus.Taken;
        if (sizeLength > 0) _upstream!.Send(size[..sizeLength]);
        status = _upstream!.Send(chunk);
        if (sizeLength > 0) status = _upstream.Send(ChunkWriter.ChunkEnd);
        if (status != SendStatus.AboveHighWatermark) return true;
        _isRequestBlocked = true;
        return false;
    }

    /// <summary>The request is whole.</summary>
    public void OnRequestEnd(scoped in HeaderBlock trailers)
    {
        if (_isOver) return;
        bool wasComplete = _isRequestComplete;
        _isRequestComplete = true;
        if (_requestFraming == BodyFraming.Chunked)
        {
            var end = ResponseHead.Trailers(_worker, trailers);
            if (_isReplayWhole) _replay.Append(_worker.Loop.Slabs, end);
            _upstream?.Send(end);
        }
        if (_upstream is not null) _isRequestSent = true;
        if (!wasComplete) ArmRouteTimer();
    }

    /// <summary>The client broke HTTP in the middle of its body.</summary>
    public void OnRequestRejected(Http1Fault fault)
    {
        if (_isOver) return;
        Record.Fault = fault;
        LetGoOfUpstream(isSuccess: false);
        Fail(LocalReply.DownstreamProtocolError);
    }

    /// <summary>The client left (or cut its body short).</summary>
    public void OnDownstreamGone()
    {
        if (_isOver) return;
        Record.Flags |= ResponseFlags.DownstreamConnectionTermination;
        Record.Details = DetailsOf.ClientGone;
        if (!_isResponseStarted) Record.Status = 0;
        _worker.Shard.Increment(_worker.Metrics.ClientAborts);
        _cluster?.Stats.Count(_cluster.Stats.Metrics.RqCancelled);
        LetGoOfUpstream(isSuccess: true);
        Finish(keepAlive: false, abort: true);
    }

    /// <summary>The client reads again.</summary>
    public void OnDownstreamWritable()
    {
        if (!_isResponseBlocked) return;
        _isResponseBlocked = false;
        _upstream?.Resume();
    }

    public void OnAttached(UpstreamLink link)
    {
        _upstream = link;
        _isRequestSent = false;
        Record.UpstreamHost = _pool!.Address;
        Record.UpstreamLocal = link.Link!.LocalAddress;
        link.Begin(this, Record.Method);
        _cluster!.Stats.Count(_cluster.Stats.Metrics.RqTotal);
        Span<byte> end = stackalloc byte[48];
        var status = _replay.SendTo(link, HeadEnd(end));
        if (_isRequestComplete) _isRequestSent = true;
        if (_isRequestBlocked && status != SendStatus.AboveHighWatermark)
        {
            _isRequestBlocked = false;
            _server.ResumeRequest();
        }
    }

    public void OnConnectFailed(in LinkFault fault)
    {
        Record.NoteTransportFailure(fault);
        bool isTimeout = fault.Reason is CloseReason.ConnectTimeout or CloseReason.HandshakeTimeout;
        EndAttempt(isSuccess: false);
        if (TryRetry(new AttemptResult(AttemptFailure.ConnectFailure))) return;
        Fail(isTimeout ? LocalReply.ConnectionTimeout : LocalReply.ConnectionFailure);
    }

    public bool OnResponseHead(scoped in Http1Head head)
    {
        Touch();
        if (head.IsInterim) return OnInterim(head);
        if (Record.ServiceMicroseconds < 0) Record.ServiceMicroseconds = _worker.NowMicroseconds - Record.StartMicroseconds;
        if (WantsRetry(head)) return false;
        _isResponseStarted = true;
        Record.Status = head.Status;
        Record.Details = DetailsOf.ViaUpstream;
        Record.UpstreamPeer = _worker.Peers.Find(_worker.Snapshot, _pool!.Address.Address, _upstream!.Link!.Tls is { } tls ? tls.PeerSpiffeId : default);
        if (Record.Attempts > 1) _cluster!.Stats.Count(_cluster.Stats.Metrics.RqRetrySuccess);
        _timers.Cancel(TryTimer);
        if (!_isRequestComplete) _worker.Shard.Increment(_worker.Metrics.EarlyResponses);
        _replay.Clear(_worker.Loop.Slabs);
        _isReplayWhole = false;
        _plan = ResponsePlan.Decide(Record.Version, Record.KeepAlive, head.Framing, mayKeepAlive: !_server.IsLast && _isRequestComplete);
        var bytes = ResponseHead.Write(this, head, _plan);
        if (bytes.IsEmpty)
        {
            // What configuration adds made the head too long for us: an answer of ours, not a truncated one.
            _isResponseStarted = false;
            LetGoOfUpstream(isSuccess: false);
            Fail(LocalReply.UpstreamProtocolError);
            return false;
        }
        Record.ResponseHeadBytes = bytes.Length;
        _server.Link.Send(bytes);
        return true;
    }

    public bool OnResponseBody(ReadOnlySpan<byte> chunk)
    {
        Touch();
        Record.BytesSent += chunk.Length;
        var link = _server.Link;
        SendStatus status;
        if (_plan.Framing == BodyFraming.Chunked)
        {
            Span<byte> size = stackalloc byte[ChunkWriter.MaxBeginBytes];
            link.Send(size[..ChunkWriter.Begin(size, chunk.Length)]);
            link.Send(chunk);
            status = link.Send(ChunkWriter.ChunkEnd);
        }
        else
        {
            status = link.Send(chunk);
        }
        if (status != SendStatus.AboveHighWatermark) return true;
        _isResponseBlocked = true;
        return false;
    }

    public void OnResponseEnd(scoped in HeaderBlock trailers)
    {
        if (_plan.Framing == BodyFraming.Chunked) _server.Link.Send(ResponseHead.Trailers(_worker, trailers));
    }

    public void OnResponseComplete()
    {
        _upstream = null;
        _cluster!.Stats.Count(_cluster.Stats.Metrics.RqCompleted);
        EndAttempt(isSuccess: Record.Status < 500);
        Finish(_plan.KeepAlive, abort: false);
    }

    public void OnUpstreamWritable()
    {
        if (!_isRequestBlocked) return;
        _isRequestBlocked = false;
        _server.ResumeRequest();
    }

    public void OnUpstreamGone(in LinkFault fault, bool sawResponse)
    {
        bool isStale = !sawResponse && _upstream is { IsReused: true };
        _upstream = null;
        Record.NoteTransportFailure(fault);
        _cluster!.Stats.Count(_cluster.Stats.Metrics.RqRxReset);
        EndAttempt(isSuccess: false);
        if (_isResponseStarted)
        {
            Record.Details = DetailsOf.TerminationAfterStart;
            Record.Flags |= ResponseFlags.UpstreamConnectionTermination;
            Finish(keepAlive: false, abort: true);
            return;
        }
        if (isStale && TryAgainAfterStaleLink()) return;
        if (TryRetry(new AttemptResult(isStale ? AttemptFailure.StaleConnection : AttemptFailure.Reset))) return;
        Fail(LocalReply.ConnectionTermination);
    }

    public void OnUpstreamRejected(Http1Fault fault, bool sawResponse)
    {
        _upstream = null;
        _worker.CountReason(Http1Faults.Name(fault), _worker.Metrics.RejectedFor);
        Record.UpstreamFault = fault;
        EndAttempt(isSuccess: false);
        if (_isResponseStarted)
        {
            Record.Details = DetailsOf.ProtocolErrorAfterStart;
            Record.Flags |= ResponseFlags.UpstreamProtocolError;
            Finish(keepAlive: false, abort: true);
            return;
        }
        Fail(LocalReply.UpstreamProtocolError);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        _timers.Spend(kind);
        switch (kind)
        {
            case RouteTimer:
                _cluster?.Stats.Count(_cluster.Stats.Metrics.RqTimeout);
                _pool?.Cell.TimeOut();
                Expire(LocalReply.ResponseTimeout);
                return;
            case TryTimer:
                _cluster?.Stats.Count(_cluster.Stats.Metrics.RqPerTryTimeout);
                _pool?.Cell.TimeOut();
                LetGoOfUpstream(isSuccess: false);
                if (!TryRetry(new AttemptResult(AttemptFailure.PerTryTimeout))) Fail(LocalReply.PerTryTimeout);
                return;
            case BackOffTimer:
                StartAttempt();
                return;
            case IdleTimer:
                long left = (long)_timeouts.StreamIdle.Value.TotalMilliseconds - (_worker.Loop.NowMilliseconds - _lastActivity);
                if (left > 0)
                {
                    _timers.Arm(IdleTimer, left);
                    return;
                }
                _worker.Shard.Increment(_worker.Metrics.StreamIdleTimeouts);
                Expire(_isRequestComplete ? LocalReply.StreamIdleTimeout : LocalReply.StreamIdleTimeoutIncomplete);
                return;
            default:
                Expire(_isRequestComplete ? LocalReply.MaxStreamDuration : LocalReply.MaxStreamDurationIncomplete);
                return;
        }
    }

    private void Reset(Http1Server server)
    {
        _server = server;
        _connection = server.Connection;
        _text.Clear();
        _responseOps.Clear();
        _tried.Clear();
        _timeouts = default;
        _cluster = null;
        _pool = null;
        _upstream = null;
        _timers.Begin(_worker.Loop.Timers, this);
        _plan = default;
        _requestFraming = BodyFraming.None;
        _staleRetries = 0;
        _hasRequestSlot = _isRetrySlotHeld = _isReplayWhole = _isRequestSent = _isRequestBlocked = false;
        _isResponseStarted = _isResponseBlocked = _sendsAttemptCount = _isOver = false;
        _isRequestComplete = true;
        Choice = default;
        Record.Begin(_worker);
        Touch();
    }

    private void Touch() => _lastActivity = _worker.Loop.NowMilliseconds;

    private void StartAttempt()
    {
        Record.Attempts++;
        var cluster = _cluster!;
        var reply = EndpointPick.Pick(this, cluster, _tried, out var pool);
        if (reply != LocalReply.None)
        {
            Fail(reply);
            return;
        }
        if (!cluster.Breaker.TryAcquireRequest(cluster.Limits.MaxRequests))
        {
            Overflow(cluster);
            return;
        }
        _hasRequestSlot = true;
        _pool = pool;
        pool!.Cell.Begin();
        _tried.Add(pool.Address);
        _timers.Arm(TryTimer, _timeouts.PerTry);
        if (pool.Acquire(this) != PoolAnswer.Overflow) return;
        EndAttempt(isSuccess: false);
        Overflow(cluster);
    }

    private void Overflow(ClusterState cluster)
    {
        cluster.Stats.Count(cluster.Stats.Metrics.RqPendingOverflow);
        Fail(LocalReply.Overflow);
    }

    private ReadOnlySpan<byte> HeadEnd(Span<byte> room)
    {
        if (!_sendsAttemptCount) return "\r\n"u8;
        var writer = new Http1HeadWriter(room);
        writer.Field("x-envoy-attempt-count"u8, Record.Attempts);
        writer.End();
        return room[..writer.Written];
    }

    /// <summary>The attempt is over, one way or the other: its place among the active ones is free.</summary>
    private void EndAttempt(bool isSuccess)
    {
        _timers.Cancel(TryTimer);
        if (!_hasRequestSlot) return;
        _hasRequestSlot = false;
        _cluster!.Breaker.ReleaseRequest();
        _pool?.Cell.End(isSuccess);
    }

    private void LetGoOfUpstream(bool isSuccess)
    {
        if (WaitsFor is { } pool) pool.Cancel(this);
        var upstream = _upstream;
        _upstream = null;
        upstream?.Abandon();
        EndAttempt(isSuccess);
    }

    private bool OnInterim(scoped in Http1Head head)
    {
        // A 100 goes to whoever asked; the others to everybody who knows them. HTTP/1.0 knows none (RFC 9110 section 15.2).
        bool isWanted = head.Status == ContinueStatus ? Record.ExpectsContinue : true;
        if (!isWanted || Record.Version == HttpVersion.Http10) return true;
        var writer = new Http1HeadWriter(_worker.HeadScratch);
        writer.StatusLine(head.Status, head.Reason);
        writer.Fields(head.Headers);
        writer.End();
        if (!writer.Overflowed) _server.Link.Send(_worker.HeadScratch.AsSpan(0, writer.Written));
        return true;
    }

    private bool WantsRetry(scoped in Http1Head head)
    {
        if (head.Status < 400 && !head.Headers.MayHave(KnownHeader.XEnvoyOther)) return false;
        bool isRateLimited = head.Headers.Find("x-envoy-ratelimited"u8) >= 0;
        if (head.Status < 400 && !isRateLimited) return false;
        var result = new AttemptResult(AttemptFailure.None, head.Status, GrpcStatus: -1, isRateLimited);
        if (!CanRetry(result, out var verdict)) return false;
        // What is left of this answer is nobody's; the connection goes with it.
        LetGoOfUpstream(isSuccess: false);
        BackOff(verdict);
        return true;
    }

    private bool TryRetry(in AttemptResult result)
    {
        if (!CanRetry(result, out var verdict)) return false;
        BackOff(verdict);
        return true;
    }

    private bool CanRetry(in AttemptResult result, out RetryVerdict verdict)
    {
        verdict = default;
        if (_isOver || _isResponseStarted || _cluster is not { } cluster) return false;
        verdict = RetryJudge.Judge(this, cluster, result, Record.Attempts - 1u - _staleRetries, _isReplayWhole, out bool excludesTried);
        switch (verdict.Refusal)
        {
            case RetryRefusal.AttemptsExhausted:
                Record.Flags |= ResponseFlags.UpstreamRetryLimitExceeded;
                cluster.Stats.Count(cluster.Stats.Metrics.RqRetryLimitExceeded);
                return false;
            case RetryRefusal.BudgetExhausted:
                cluster.Stats.Count(cluster.Stats.Metrics.RqRetryOverflow);
                return false;
            case RetryRefusal.None:
                // Several loops may have seen the same room in the budget: the cell decides. The slot is held until the request ends.
                if (!_isRetrySlotHeld && !cluster.Breaker.TryAcquireRetry(cluster.Limits.MaxRetries)) goto case RetryRefusal.BudgetExhausted;
                _isRetrySlotHeld = true;
                if (!excludesTried) _tried.Clear();
                return true;
            default:
                return false;
        }
    }

    private void BackOff(in RetryVerdict verdict)
    {
        _cluster!.Stats.Count(_cluster.Stats.Metrics.RqRetry);
        _timers.Arm(BackOffTimer, verdict.BackOffTicks / TimeSpan.TicksPerMillisecond);
    }

    /// <summary>
    /// A kept connection ended without a byte of an answer: the race with the server's idle timeout (RFC 9112 section 9.3.1). Once, on a fresh
    /// connection, and only what may safely be done twice.
    /// </summary>
    private bool TryAgainAfterStaleLink()
    {
        if (_staleRetries > 0 || !_isReplayWhole || !RetryDecision.IsIdempotent(_text[Record.MethodText])) return false;
        _staleRetries++;
        _pool!.CloseIdle();
        _tried.RemoveLast();
        _worker.Shard.Increment(_worker.Metrics.StaleReuseRetries);
        StartAttempt();
        return true;
    }

    /// <summary>A deadline passed: an answer of ours if none went out, else the client must see it broken off.</summary>
    private void Expire(LocalReply reply)
    {
        LetGoOfUpstream(isSuccess: false);
        Fail(reply);
    }

    private void Fail(LocalReply reply)
    {
        if (_isOver) return;
        if (!_isResponseStarted)
        {
            Reply(reply);
            return;
        }
        Record.Flags |= LocalReplies.Flags(reply);
        Record.Reply = reply;
        Finish(keepAlive: false, abort: true);
    }

    private void Reply(LocalReply reply)
    {
        bool keepAlive = Record.KeepAlive && _isRequestComplete && !_server.IsLast;
        LocalResponder.Send(this, reply, keepAlive);
        Finish(keepAlive, abort: false);
    }

    private void Finish(bool keepAlive, bool abort)
    {
        if (_isOver) return;
        _isOver = true;
        _timers.CancelAll();
        _replay.Clear(_worker.Loop.Slabs);
        if (_isRetrySlotHeld) _cluster!.Breaker.ReleaseRetry();
        _isRetrySlotHeld = false;
        Reporter.Report(this, _pool);
        var server = _server;
        bool isWhole = _isRequestComplete;
        _worker.ReturnExchange(this);
        if (abort) server.Abort();
        server.OnExchangeFinished(keepAlive, isWhole);
    }

    private void ArmStreamTimers()
    {
        _timers.Arm(IdleTimer, _timeouts.StreamIdle);
        _timers.Arm(DurationTimer, _timeouts.MaxStreamDuration);
        if (_isRequestComplete) ArmRouteTimer();
    }

    // From the end of the request to the end of the answer, retries included (xds.md C.4).
    private void ArmRouteTimer() => _timers.Arm(RouteTimer, _timeouts.Route);
}
