using System;
using Weft.Buffers;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>
/// One connection, plain or TLS, owned by one loop from accept or connect to close; every member is for that loop's thread. The object is pooled:
/// after <see cref="ILinkHandler.OnClosed"/> it serves another connection, so keep no reference (or compare <see cref="Id"/>).
/// <para>It holds no buffer while nothing waits: input is offered from the loop's scratch buffer and parked only when not consumed, output is queued only
/// until the kernel takes it. See LIFECYCLE.md beside this file.</para>
/// </summary>
public sealed class Link : Pollable, ITimerTarget
{
    // From here on a copy costs more than a system call of its own: send at once instead of coalescing.
    private const int DirectSendBytes = 8 * 1024;

    private readonly LinkQueueEntry[] _queues = new LinkQueueEntry[4];
    private readonly Loop _loop;
    private LinkInput _input;
    private ByteQueue _output;
    private LinkWire _wire;
    private IpEndpoint _local;
    private SlotToken _timer;
    private LinkFault _fault;
    private Flags _flags;
    private TlsContext? _connectContext;
    private TlsClientOptions? _connectTls;

    internal Link(Loop loop) => _loop = loop;

    /// <summary>The loop that owns it.</summary>
    public Loop Loop => _loop;

    /// <summary>Names this connection in logs: unique in the process's life.</summary>
    public ulong Id { get; private set; }

    /// <summary>Who hears its events. May be set at any time: a pooled upstream link gets the handler of the request that uses it.</summary>
    public ILinkHandler? Handler { get; set; }

    /// <summary>Where it is in its life.</summary>
    public LinkState State { get; private set; }

    /// <summary>True for an accepted link, false for one that we made.</summary>
    public bool IsInbound { get; private set; }

    /// <summary>The other end: the client, or the address connected to. <c>default</c> for Unix sockets.</summary>
    public IpEndpoint RemoteAddress { get; private set; }

    /// <summary>Our end; asked of the kernel once, at first use.</summary>
    public IpEndpoint LocalAddress
    {
        get
        {
            if (_local.IsNone && _wire.IsOpen)
            {
                _local = Sockets.LocalAddress(_wire.Socket);
            }

            return _local;
        }
    }

    /// <summary>The TLS side: identity, protocol, failure. Null on a plain link.</summary>
    public TlsSession? Tls => _wire.Tls;

    /// <summary>Bytes received and not yet consumed, contiguous. Valid until this callback returns, <see cref="Consume"/> or <see cref="StartTls"/>.</summary>
    public ReadOnlySpan<byte> Input => _input.Bytes(_loop.Scratch);

    /// <summary>True when <see cref="LinkLimits.MaxInput"/> bytes wait: without <see cref="Consume"/> nothing more is received.</summary>
    public bool IsInputFull => _input.Length >= _loop.Limits.MaxInput;

    /// <summary>Bytes queued here and not yet taken by the kernel, ciphertext included.</summary>
    public int OutputPending => _output.Length + _wire.PendingCiphertext;

    /// <summary>Application bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Application bytes taken to send so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>True once the peer has ended its direction and that was reported.</summary>
    public bool HasPeerEof => (_flags & Flags.PeerEof) != 0;

    /// <summary>The kernel has seen the peer's FIN or reset, though input may still wait unread: a paused reader learns here that the client left.</summary>
    public bool HasPeerHungUp => _wire.HasHungUp;

    /// <summary>True after <see cref="ShutdownSend"/>.</summary>
    public bool IsSendShutdown => (_flags & Flags.ShutdownWanted) != 0;

    /// <summary>True between <see cref="PauseReading"/> and <see cref="ResumeReading"/>.</summary>
    public bool IsReadingPaused => (_flags & Flags.ReadingPaused) != 0;

    /// <summary>True while <see cref="ILinkHandler.OnWritable"/> is owed.</summary>
    public bool IsAboveHighWatermark => (_flags & Flags.AboveHigh) != 0;

    /// <summary>True from connect or accept to close: <see cref="Send(ReadOnlySpan{byte})"/> takes bytes, also before the connection is established.</summary>
    public bool IsAlive => State is LinkState.Connecting or LinkState.Handshaking or LinkState.Open;

    /// <summary>
    /// Where the client wanted to go before the redirection sent it here. False when the kernel tracks no such connection; one that came straight to our
    /// port yields that port itself where connections are tracked: compare with <see cref="LocalAddress"/> before going there, or it comes back.
    /// </summary>
    public bool TryGetOriginalDestination(out IpEndpoint destination) =>
        SocketOptions.TryGetOriginalDestination(_wire.Socket, RemoteAddress.IsIPv6, out destination);

    /// <summary>Drops the first <paramref name="count"/> bytes of <see cref="Input"/>.</summary>
    public void Consume(int count)
    {
        bool wasFull = IsInputFull;
        _input.Consume(_loop.Slabs, count);
        if (wasFull && count > 0 && (_flags & Flags.Offering) == 0)
        {
            // Receiving had stopped for want of room.
            _loop.MarkReady(this);
        }
    }

    /// <summary>Stops receiving: the kernel's buffer fills and the peer must wait. Bytes in <see cref="Input"/> stay.</summary>
    public void PauseReading() => _flags |= Flags.ReadingPaused;

    /// <summary>Receives again; what waits in <see cref="Input"/> is offered again first, later in this turn or in the next.</summary>
    public void ResumeReading()
    {
        if (IsReadingPaused)
        {
            _flags &= ~Flags.ReadingPaused;
            _flags |= Flags.Resumed;
            _loop.MarkReady(this);
        }
    }

    /// <summary>Asks for another <see cref="ILinkHandler.OnReadable"/> in the next turn though nothing new has come (pipelined requests in Input).</summary>
    public void Wake()
    {
        if (State == LinkState.Open)
        {
            _flags |= Flags.Resumed;
            _loop.MarkReady(this);
        }
    }

    /// <summary>
    /// Queues <paramref name="bytes"/>; they are copied or sent before this returns. Small sends of one turn leave together; large ones at once.
    /// Bytes sent before the link is established wait for that.
    /// </summary>
    public SendStatus Send(ReadOnlySpan<byte> bytes)
    {
        if (!IsAlive || IsSendShutdown)
        {
            return SendStatus.Closed;
        }

        BytesSent += bytes.Length;
        _loop.Counters.BytesSent += bytes.Length;
        if (bytes.Length >= DirectSendBytes && State == LinkState.Open && OutputPending == 0)
        {
            bytes = bytes[Write(bytes)..];
            if (!IsAlive)
            {
                return SendStatus.Closed;
            }
        }

        if ((_flags & Flags.SendFailed) == 0)
        {
            _output.Append(_loop.Slabs, bytes);
        }

        return Queued();
    }

    /// <summary>A head and the body behind it, as <see cref="Send(ReadOnlySpan{byte})"/>: they leave in one system call when they are small.</summary>
    public SendStatus Send(ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (!IsAlive || IsSendShutdown)
        {
            return SendStatus.Closed;
        }

        BytesSent += head.Length;
        _loop.Counters.BytesSent += head.Length;
        _output.Append(_loop.Slabs, head);
        if (body.Length >= DirectSendBytes && State == LinkState.Open && _wire.MayWrite)
        {
            // Fill the head's slab, so that the first write is not a small packet of its own.
            Span<byte> room = _output.Room(_loop.Slabs, SlabPool.MediumSize);
            int first = Math.Min(room.Length, body.Length);
            body[..first].CopyTo(room);
            _output.Commit(first);
            BytesSent += first;
            _loop.Counters.BytesSent += first;
            body = body[first..];
            WriteQueued();
            if (!IsAlive)
            {
                return SendStatus.Closed;
            }
        }

        return Send(body);
    }

    /// <summary>Ends our direction (FIN, or close_notify and FIN) once everything queued is out. The peer may still send.</summary>
    public void ShutdownSend()
    {
        if (IsAlive && !IsSendShutdown)
        {
            _flags |= Flags.ShutdownWanted;
            _loop.QueueFlush(this);
        }
    }

    /// <summary>
    /// Ends the connection in good order: what is queued is still delivered (<see cref="LinkLimits.DrainTimeout"/>), then FIN. The handler hears
    /// <see cref="ILinkHandler.OnClosed"/> later in this turn and nothing else. Closing twice harms nobody.
    /// </summary>
    public void Close(CloseReason reason = CloseReason.Local) => End(new LinkFault(reason), State == LinkState.Open);

    /// <summary>Resets the connection: the peer sees RST, nothing queued is delivered. Otherwise as <see cref="Close"/>.</summary>
    public void Abort(CloseReason reason = CloseReason.LocalAbort)
    {
        if (IsAlive)
        {
            _wire.ResetOnClose();
            End(new LinkFault(reason), drain: false);
        }
    }

    /// <summary>
    /// Makes an open plain link the server side of TLS. Bytes in <see cref="Input"/> (a sniffed ClientHello) are replayed to TLS and gone from Input.
    /// <see cref="ILinkHandler.OnEstablished"/> follows, or <see cref="ILinkHandler.OnClosed"/> with the reason.
    /// </summary>
    public void StartTls(TlsContext context, TlsServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (State != LinkState.Open || Tls is not null)
        {
            throw new InvalidOperationException("TLS starts once, on an open plain link");
        }

        TlsSession session = _loop.RentTls();
        bool started = session.StartServer(context, options, _wire.Socket, Input);
        _input.Clear(_loop.Slabs);
        BeginHandshake(session, started);
    }

    void ITimerTarget.OnTimer(int kind)
    {
        _timer = default;
        switch (State)
        {
            case LinkState.Connecting:
                _loop.Counters.ConnectFailures++;
                End(new LinkFault(CloseReason.ConnectTimeout), drain: false);
                break;
            case LinkState.Handshaking:
                _loop.Counters.HandshakeFailures++;
                End(new LinkFault(CloseReason.HandshakeTimeout), drain: false);
                break;
            case LinkState.Draining:
                _loop.Release(this);
                break;
            default:
                break;
        }
    }

    internal bool IsQueuedAnywhere => Array.Exists(_queues, entry => entry.IsQueued);

    internal ref LinkQueueEntry QueueEntry(LinkChain chain) => ref _queues[(int)chain];

    /// <summary>Starts a life as an accepted connection.</summary>
    internal void Accept(ulong id, SocketFd socket, in IpEndpoint remote)
    {
        Id = id;
        RemoteAddress = remote;
        IsInbound = true;
        State = LinkState.Open;
        _wire.Open(socket, connected: true);
        Watch();
    }

    /// <summary>Starts a life as an outbound connection.</summary>
    internal void Connect(ulong id, in ConnectOptions options, ILinkHandler handler)
    {
        Id = id;
        Handler = handler;
        RemoteAddress = options.Destination;
        IsInbound = false;
        State = LinkState.Connecting;
        _connectContext = options.TlsContext;
        _connectTls = options.Tls;
        LinkFault fault = OutboundSocket.Connect(options, out SocketFd socket);
        _wire.Open(socket, connected: false);
        if (fault.Reason != CloseReason.None)
        {
            _loop.Counters.ConnectFailures++;
            End(fault, drain: false);
            return;
        }

        _timer = _loop.Timers.Schedule(options.TimeoutMilliseconds, this, 0);
        Watch();
    }

    internal override void OnEvents(EpollEvents events)
    {
        _wire.OnEvents(events);
        if (State == LinkState.Handshaking)
        {
            _loop.MarkHandshake(this);
        }
        else
        {
            _loop.MarkReady(this);
        }
    }

    /// <summary>This link's part of a turn: write what waits, then receive within the budget.</summary>
    internal void Run()
    {
        switch (State)
        {
            case LinkState.Connecting:
                FinishConnect();
                break;
            case LinkState.Open:
                FlushQueued();
                if (State == LinkState.Open)
                {
                    ReceiveSome();
                }

                break;
            case LinkState.Draining:
                Drain();
                break;
            default:
                break;
        }
    }

    /// <summary>One step of the handshake: the loop limits how many of them a turn has.</summary>
    internal void RunHandshake()
    {
        if (State != LinkState.Handshaking)
        {
            return;
        }

        switch (_wire.Handshake().Status)
        {
            case WireStatus.Moved:
                _loop.Counters.Handshakes++;
                StopTimer();
                State = LinkState.Open;
                _loop.MarkReady(this);
                Handler?.OnEstablished(this);
                _loop.QueueFlush(this);
                break;
            case WireStatus.TlsFailed:
                FailTls(CloseReason.HandshakeFailed);
                break;
            default:
                break;
        }
    }

    /// <summary>Sends what waits; called by the loop after handlers have run, and when the socket has room again.</summary>
    internal void FlushQueued()
    {
        if (State == LinkState.Open)
        {
            WriteQueued();
        }

        if (State == LinkState.Open && OutputPending == 0 && (_flags & (Flags.ShutdownWanted | Flags.ShutdownDone)) == Flags.ShutdownWanted)
        {
            FinishShutdown();
        }

        if (State == LinkState.Open && IsAboveHighWatermark && OutputPending <= _loop.Limits.LowWatermark)
        {
            _flags &= ~Flags.AboveHigh;
            Handler?.OnWritable(this);
        }
    }

    /// <summary>Tells the handler, then lets the link drain or go.</summary>
    internal void FinishClosing()
    {
        ILinkHandler? handler = Handler;
        Handler = null;
        StopTimer();
        try
        {
            handler?.OnClosed(this, _fault);
        }
        finally
        {
            _input.Clear(_loop.Slabs);
            if ((_flags & Flags.DrainWanted) != 0 && _wire.IsOpen)
            {
                State = LinkState.Draining;
                _timer = _loop.Timers.Schedule(_loop.Limits.DrainTimeout, this, 0);
                Drain();
            }
            else
            {
                _loop.Release(this);
            }
        }
    }

    /// <summary>Frees everything and forgets the connection; the loop keeps the object for the next.</summary>
    internal void Reset()
    {
        StopTimer();
        if (_wire.Tls is { } session)
        {
            session.End();
            _loop.ReturnTls(session);
            _wire.Tls = null;
        }

        _wire.Close();
        _input.Clear(_loop.Slabs);
        _output.Clear(_loop.Slabs);
        Handler = null;
        State = LinkState.Free;
        RemoteAddress = default;
        _local = default;
        _fault = default;
        _flags = Flags.None;
        _connectContext = null;
        _connectTls = null;
        BytesReceived = 0;
        BytesSent = 0;
    }

    internal void HandlerThrew()
    {
        if (IsAlive)
        {
            _wire.ResetOnClose();
            End(new LinkFault(CloseReason.HandlerFailed), drain: false);
        }
    }

    private void Watch()
    {
        const EpollEvents Interest = EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;
        IoResult added = _loop.Poll(_wire.Socket.Number, Interest, this);
        if (!added.IsOk)
        {
            End(new LinkFault(CloseReason.LocalSocketFailed, added.Errno), drain: false);
        }
    }

    private void FinishConnect()
    {
        if (!_wire.MayWrite)
        {
            return;
        }

        Errno error = _wire.TakeError();
        if (error != Errno.None)
        {
            _loop.Counters.ConnectFailures++;
            End(new LinkFault(CloseReason.ConnectFailed, error), drain: false);
            return;
        }

        StopTimer();
        if (_connectContext is not null && _connectTls is not null)
        {
            TlsSession session = _loop.RentTls();
            BeginHandshake(session, session.StartClient(_connectContext, _connectTls, _wire.Socket));
            return;
        }

        State = LinkState.Open;
        Handler?.OnEstablished(this);
        _loop.QueueFlush(this);
        if (State == LinkState.Open)
        {
            ReceiveSome();
        }
    }

    private void BeginHandshake(TlsSession session, bool started)
    {
        _wire.Secure(session);
        if (!started)
        {
            FailTls(CloseReason.HandshakeFailed);
            return;
        }

        State = LinkState.Handshaking;
        _timer = _loop.Timers.Schedule(_loop.Limits.HandshakeTimeout, this, 0);
        _loop.MarkHandshake(this);
    }

    private void ReceiveSome()
    {
        if (IsReadingPaused)
        {
            // Nobody will read, so only this tells a paused reader that its peer is gone for good.
            if (_wire.HasError)
            {
                FailSocket(_wire.TakeError());
            }

            return;
        }

        if ((_flags & Flags.Resumed) != 0)
        {
            _flags &= ~Flags.Resumed;
            if (!_input.IsEmpty)
            {
                Handler?.OnReadable(this);
            }
        }

        int budget = _loop.Limits.BytesPerTurn;
        while (_wire.MayRead && State == LinkState.Open && !IsReadingPaused && !HasPeerEof)
        {
            if (budget <= 0)
            {
                _loop.MarkReady(this);
                return;
            }

            Span<byte> room = _input.Room(_loop.Scratch, _loop.Slabs, _loop.Limits.MaxInput);
            if (room.IsEmpty)
            {
                return;
            }

            WireResult result = _wire.Receive(room);
            _input.Commit(_loop.Slabs, result.Count);
            budget -= result.Count;
            if (result.Count > 0)
            {
                Offer(result.Count);
            }

            if (State == LinkState.Open && !GoesOn(result))
            {
                return;
            }
        }
    }

    /// <summary>Acts on how a receive ended, behind what it brought. False when receiving is over for this turn.</summary>
    private bool GoesOn(in WireResult result)
    {
        switch (result.Status)
        {
            case WireStatus.Ended:
                ReachPeerEof();
                break;
            case WireStatus.Truncated:
                End(new LinkFault(CloseReason.Truncated), drain: false);
                break;
            case WireStatus.SocketFailed:
                FailSocket(result.Errno);
                break;
            case WireStatus.TlsFailed:
                FailTls(CloseReason.TlsFailed);
                break;
            default:
                break;
        }

        // The session may have answered on its own (key update): send that.
        if (State == LinkState.Open && _wire.PendingCiphertext > 0)
        {
            _loop.QueueFlush(this);
        }

        return result.Status != WireStatus.MustSendFirst;
    }

    private void Offer(int count)
    {
        BytesReceived += count;
        _loop.Counters.BytesReceived += count;
        _flags |= Flags.Offering;
        Handler?.OnReadable(this);
        _flags &= ~Flags.Offering;
        _input.Park(_loop.Scratch, _loop.Slabs);
    }

    private void ReachPeerEof()
    {
        if ((_flags & Flags.SendFailed) != 0)
        {
            // The error was given to our send; a read behind it shows only an end of stream. It is no FIN.
            End(_fault, drain: false);
            return;
        }

        _flags |= Flags.PeerEof;
        Handler?.OnPeerEof(this);
        CompleteIfBothEnded();
    }

    private void FinishShutdown()
    {
        if ((_flags & Flags.CloseNotifySent) != 0)
        {
            // It waited for room and is out now.
            _wire.Finish();
        }
        else if (!_wire.TryEndSending())
        {
            _flags |= Flags.CloseNotifySent;
            return;
        }

        _flags |= Flags.ShutdownDone;
        CompleteIfBothEnded();
    }

    private void CompleteIfBothEnded()
    {
        if (State == LinkState.Open && HasPeerEof && (_flags & Flags.ShutdownDone) != 0)
        {
            End(new LinkFault(CloseReason.Completed), drain: false);
        }
    }

    private SendStatus Queued()
    {
        int pending = OutputPending;
        if (pending == 0)
        {
            return SendStatus.Taken;
        }

        if (pending > _loop.Limits.MaxOutput)
        {
            _wire.ResetOnClose();
            End(new LinkFault(CloseReason.OutputOverflow), drain: false);
            return SendStatus.Closed;
        }

        _loop.QueueFlush(this);
        if (pending > _loop.Limits.HighWatermark)
        {
            _flags |= Flags.AboveHigh;
        }

        return IsAboveHighWatermark ? SendStatus.AboveHighWatermark : SendStatus.Taken;
    }

    private void WriteQueued()
    {
        Took(_wire.SendPending());
        while (!_output.IsEmpty && _wire.MayWrite && State is LinkState.Open or LinkState.Draining)
        {
            int written = Write(_output.Front);
            if (_output.IsEmpty)
            {
                // An error has thrown it all away.
                return;
            }

            _output.Consume(_loop.Slabs, written);
        }
    }

    /// <summary>Sends what goes at once; the rest is left to the caller. An error ends the link.</summary>
    private int Write(ReadOnlySpan<byte> bytes)
    {
        WireResult result = _wire.Send(bytes);
        Took(result);
        return result.Count;
    }

    private void Took(in WireResult result)
    {
        if (result.Status == WireStatus.SocketFailed)
        {
            FailSocket(result.Errno);
        }
        else if (result.Status == WireStatus.TlsFailed)
        {
            FailTls(CloseReason.TlsFailed);
        }
    }

    private void FailSocket(Errno errno)
    {
        // What the peer sent before it reset is in the kernel's buffer and may be the answer that we wait for: read on until the end.
        bool mayHoldAnswer = State == LinkState.Open && errno is Errno.EPIPE or Errno.ECONNRESET && !IsReadingPaused;
        if (mayHoldAnswer && Tls is null && (_flags & (Flags.SendFailed | Flags.PeerEof)) == 0)
        {
            _flags |= Flags.SendFailed;
            _wire.ReadAgain(toTheEnd: true);
            _fault = new LinkFault(CloseReason.PeerReset, errno);
            _output.Clear(_loop.Slabs);
            _loop.MarkReady(this);
            return;
        }

        End(new LinkFault(CloseReason.PeerReset, errno), drain: false);
    }

    private void FailTls(CloseReason reason)
    {
        TlsFailure failure = Tls!.Failure;
        if (State == LinkState.Handshaking || reason == CloseReason.HandshakeFailed)
        {
            _loop.Counters.HandshakeFailures++;
        }

        CloseReason named = failure.Kind == TlsFailureKind.Socket && reason == CloseReason.TlsFailed ? CloseReason.PeerReset : reason;
        // Drain: an alert that tells the peer why must not be cut off by the RST that unread bytes would cause.
        End(new LinkFault(named, Tls.SocketError, failure), drain: failure.Kind != TlsFailureKind.Socket);
    }

    private void End(in LinkFault fault, bool drain)
    {
        if (!IsAlive)
        {
            return;
        }

        _fault = fault;
        State = LinkState.Closing;
        if (drain)
        {
            _flags |= Flags.DrainWanted;
        }

        _loop.MarkClosing(this);
    }

    /// <summary>The last stretch, without a handler: deliver, say FIN, read away what still comes until the peer's FIN or the deadline.</summary>
    private void Drain()
    {
        bool tlsIsBroken = _fault.Reason is CloseReason.HandshakeFailed or CloseReason.TlsFailed;
        if (!tlsIsBroken)
        {
            WriteQueued();
        }

        if ((tlsIsBroken || OutputPending == 0) && (_flags & Flags.ShutdownDone) == 0)
        {
            _flags |= Flags.ShutdownDone;
            if (tlsIsBroken || (_flags & Flags.CloseNotifySent) != 0 || !_wire.TryEndSending())
            {
                _wire.Finish();
            }
        }

        bool sent = (_flags & Flags.ShutdownDone) != 0;
        if (_wire.Discard(_loop.Scratch, reads: 16))
        {
            _flags |= Flags.PeerEof;
        }

        if (HasPeerEof && (sent || _wire.HasError))
        {
            _loop.Release(this);
        }
        else if (_wire.MayRead && !HasPeerEof)
        {
            _loop.MarkReady(this);
        }
    }

    private void StopTimer()
    {
        if (!_timer.IsNone)
        {
            _loop.Timers.Cancel(_timer);
            _timer = default;
        }
    }

    [Flags]
    private enum Flags : ushort
    {
        None = 0,
        ReadingPaused = 1,
        Resumed = 2,
        AboveHigh = 4,
        PeerEof = 8,
        ShutdownWanted = 16,
        ShutdownDone = 32,
        DrainWanted = 64,
        SendFailed = 128,
        CloseNotifySent = 256,
        Offering = 512,
    }
}
