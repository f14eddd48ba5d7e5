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
    private SocketFd _socket = SocketFd.None;
    private IpEndpoint _local;
    private SlotToken _timer;
    private LinkFault _fault;
    private Readiness _ready;
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
            if (_local.IsNone && _socket.IsOpen)
            {
                _local = Sockets.LocalAddress(_socket);
            }

            return _local;
        }
    }

    /// <summary>The TLS side: identity, protocol, failure. Null on a plain link.</summary>
    public TlsSession? Tls { get; private set; }

    /// <summary>Bytes received and not yet consumed, contiguous. Valid until this callback returns, <see cref="Consume"/> or <see cref="StartTls"/>.</summary>
    public ReadOnlySpan<byte> Input => _input.Bytes(_loop.Scratch);

    /// <summary>True when <see cref="LinkLimits.MaxInput"/> bytes wait: without <see cref="Consume"/> nothing more is received.</summary>
    public bool IsInputFull => _input.Length >= _loop.Limits.MaxInput;

    /// <summary>Bytes queued here and not yet taken by the kernel, ciphertext included.</summary>
    public int OutputPending => _output.Length + (Tls?.PendingCiphertext ?? 0);

    /// <summary>Application bytes received so far.</summary>
    public long BytesReceived { get; private set; }

    /// <summary>Application bytes taken to send so far.</summary>
    public long BytesSent { get; private set; }

    /// <summary>True once the peer has ended its direction and that was reported.</summary>
    public bool HasPeerEof => (_flags & Flags.PeerEof) != 0;

    /// <summary>The kernel has seen the peer's FIN or reset, though input may still wait unread: a paused reader learns here that the client left.</summary>
    public bool HasPeerHungUp => (_ready & Readiness.HangUp) != 0;

    /// <summary>True after <see cref="ShutdownSend"/>.</summary>
    public bool IsSendShutdown => (_flags & Flags.ShutdownWanted) != 0;

    /// <summary>True between <see cref="PauseReading"/> and <see cref="ResumeReading"/>.</summary>
    public bool IsReadingPaused => (_flags & Flags.ReadingPaused) != 0;

    /// <summary>True while <see cref="ILinkHandler.OnWritable"/> is owed.</summary>
    public bool IsAboveHighWatermark => (_flags & Flags.AboveHigh) != 0;

    /// <summary>True from connect or accept to close: <see cref="Send(ReadOnlySpan{byte})"/> takes bytes, also before the connection is established.</summary>
    public bool IsAlive => State is LinkState.Connecting or LinkState.Handshaking or LinkState.Open;

    /// <summary>Where the client wanted to go before the redirection sent it here. False when it was not redirected.</summary>
    public bool TryGetOriginalDestination(out IpEndpoint destination) =>
        SocketOptions.TryGetOriginalDestination(_socket, RemoteAddress.IsIPv6, out destination);

    /// <summary>Drops the first <paramref name="count"/> bytes of <see cref="Input"/>.</summary>
    public void Consume(int count)
    {
        bool wasFull = IsInputFull;
        _input.Consume(_loop.Slabs, count);
        if (wasFull && count > 0)
        {
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
        if (body.Length >= DirectSendBytes && State == LinkState.Open && (_ready & Readiness.Write) != 0)
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
            _ = SocketOptions.ResetOnClose(_socket);
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
        Tls = session;
        if (session.StartServer(context, options, _socket, Input))
        {
            _input.Clear(_loop.Slabs);
            BeginHandshake();
        }
        else
        {
            FailTls(CloseReason.HandshakeFailed);
        }
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
        _socket = socket;
        RemoteAddress = remote;
        IsInbound = true;
        State = LinkState.Open;
        // A fresh socket has room; its first event says whether it has bytes.
        _ready = Readiness.Write;
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
        Errno error = OpenSocket(options);
        if (error != Errno.None)
        {
            _loop.Counters.ConnectFailures++;
            End(new LinkFault(CloseReason.LocalSocketFailed, error), drain: false);
            return;
        }

        IoResult connecting = Sockets.Connect(_socket, options.Destination);
        if (!connecting.IsOk && connecting.Errno != Errno.EINPROGRESS)
        {
            _loop.Counters.ConnectFailures++;
            End(new LinkFault(CloseReason.ConnectFailed, connecting.Errno), drain: false);
            return;
        }

        _timer = _loop.Timers.Schedule(options.TimeoutMilliseconds, this, 0);
        Watch();
    }

    internal override void OnEvents(EpollEvents events)
    {
        const EpollEvents Gone = EpollEvents.Error | EpollEvents.HangUp;
        if ((events & (EpollEvents.In | EpollEvents.ReadHangUp | Gone)) != 0)
        {
            _ready |= Readiness.Read;
        }

        if ((events & (EpollEvents.Out | Gone)) != 0)
        {
            _ready |= Readiness.Write;
        }

        if ((events & (EpollEvents.ReadHangUp | Gone)) != 0)
        {
            _ready |= Readiness.HangUp;
        }

        if ((events & EpollEvents.Error) != 0)
        {
            _ready |= Readiness.Error;
        }

        if ((_ready & Readiness.Read) != 0)
        {
            Tls?.MarkSocketReadable((_ready & Readiness.HangUp) != 0);
        }

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

        switch (Tls!.Handshake())
        {
            case TlsStep.Done:
                _loop.Counters.Handshakes++;
                StopTimer();
                State = LinkState.Open;
                // The session may already hold application data that came with the last flight.
                _ready |= Readiness.Read;
                _loop.MarkReady(this);
                Handler?.OnEstablished(this);
                _loop.QueueFlush(this);
                break;
            case TlsStep.NeedRead:
                break;
            case TlsStep.NeedWrite:
                _ready &= ~Readiness.Write;
                break;
            default:
                FailTls(CloseReason.HandshakeFailed);
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
            if ((_flags & Flags.DrainWanted) != 0 && _socket.IsOpen)
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
        if (Tls is not null)
        {
            Tls.End();
            _loop.ReturnTls(Tls);
            Tls = null;
        }

        if (_socket.IsOpen)
        {
            // Closing the only copy also takes it out of the epoll set.
            Sockets.Close(_socket);
            _socket = SocketFd.None;
        }

        _input.Clear(_loop.Slabs);
        _output.Clear(_loop.Slabs);
        Handler = null;
        State = LinkState.Free;
        RemoteAddress = default;
        _local = default;
        _fault = default;
        _ready = Readiness.None;
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
            _ = SocketOptions.ResetOnClose(_socket);
            End(new LinkFault(CloseReason.HandlerFailed), drain: false);
        }
    }

    private void Watch()
    {
        const EpollEvents Interest = EpollEvents.In | EpollEvents.Out | EpollEvents.ReadHangUp | EpollEvents.EdgeTriggered;
        IoResult added = _loop.Poll(_socket.Number, Interest, this);
        if (!added.IsOk)
        {
            End(new LinkFault(CloseReason.LocalSocketFailed, added.Errno), drain: false);
        }
    }

    private Errno OpenSocket(in ConnectOptions options)
    {
        IoResult made = Sockets.OpenStream(options.Destination);
        if (!made.IsOk)
        {
            return made.Errno;
        }

        _socket = new SocketFd(made.Value);
        IoResult result = SocketOptions.NoDelay(_socket);
        if (result.IsOk && options.Mark != 0)
        {
            result = SocketOptions.Mark(_socket, options.Mark);
        }

        if (result.IsOk && !options.Source.IsNone)
        {
            _ = SocketOptions.BindAddressNoPort(_socket);
            result = Sockets.Bind(_socket, options.Source);
        }

        return result.Errno;
    }

    private void FinishConnect()
    {
        if ((_ready & Readiness.Write) == 0)
        {
            return;
        }

        Errno error = SocketOptions.TakeError(_socket);
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
            Tls = session;
            if (session.StartClient(_connectContext, _connectTls, _socket))
            {
                BeginHandshake();
            }
            else
            {
                FailTls(CloseReason.HandshakeFailed);
            }

            return;
        }

        State = LinkState.Open;
        Handler?.OnEstablished(this);
        _loop.QueueFlush(this);
        if (State == LinkState.Open && (_ready & Readiness.Read) != 0)
        {
            ReceiveSome();
        }
    }

    private void BeginHandshake()
    {
        State = LinkState.Handshaking;
        _timer = _loop.Timers.Schedule(_loop.Limits.HandshakeTimeout, this, 0);
        Tls!.MarkSocketReadable((_ready & Readiness.HangUp) != 0);
        _loop.MarkHandshake(this);
    }

    private void ReceiveSome()
    {
        if (IsReadingPaused)
        {
            // Nobody will read, so only this tells a paused reader that its peer is gone for good.
            if ((_ready & Readiness.Error) != 0)
            {
                FailSocket(SocketOptions.TakeError(_socket));
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
        while ((_ready & Readiness.Read) != 0 && State == LinkState.Open && !IsReadingPaused && !HasPeerEof)
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

            int received = Tls is null ? ReceivePlain(room) : ReceiveTls(Tls, room);
            if (received < 0)
            {
                return;
            }

            budget -= received;
        }
    }

    private int ReceivePlain(Span<byte> room)
    {
        IoResult result = Sockets.Receive(_socket, room);
        _input.Commit(_loop.Slabs, result.Count);
        if (result.Count > 0)
        {
            // A short read has emptied the socket: new bytes bring a new edge, so no second call only to hear EAGAIN. Unless the peer is done:
            // then its end of stream waits behind the bytes, and no edge will announce it again.
            if (result.Count < room.Length && (_ready & Readiness.HangUp) == 0)
            {
                _ready &= ~Readiness.Read;
            }

            Offer(result.Count);
        }
        else if (result.IsOk)
        {
            ReachPeerEof();
        }
        else if (result.IsWouldBlock)
        {
            _ready &= ~Readiness.Read;
        }
        else
        {
            FailSocket(result.Errno);
        }

        return result.Count;
    }

    /// <returns>Bytes received; -1 when receiving has to wait for room to write.</returns>
    private int ReceiveTls(TlsSession session, Span<byte> room)
    {
        TlsStep step = session.Read(room, out int count);
        _input.Commit(_loop.Slabs, count);
        if (count > 0)
        {
            Offer(count);
        }

        if (State != LinkState.Open)
        {
            return count;
        }

        switch (step)
        {
            case TlsStep.Done:
                break;
            case TlsStep.NeedRead:
                _ready &= ~Readiness.Read;
                break;
            case TlsStep.NeedWrite:
                // The session must say something first; the next room to write brings us back here.
                _ready &= ~Readiness.Write;
                return -1;
            case TlsStep.EndOfStream:
                ReachPeerEof();
                break;
            case TlsStep.Truncated:
                End(new LinkFault(CloseReason.Truncated), drain: false);
                break;
            default:
                FailTls(CloseReason.TlsFailed);
                break;
        }

        // The session may have answered on its own (key update): send that.
        if (State == LinkState.Open && session.PendingCiphertext > 0)
        {
            _loop.QueueFlush(this);
        }

        return count;
    }

    private void Offer(int count)
    {
        BytesReceived += count;
        _loop.Counters.BytesReceived += count;
        Handler?.OnReadable(this);
        _input.Park(_loop.Scratch, _loop.Slabs);
    }

    private void ReachPeerEof()
    {
        _ready &= ~Readiness.Read;
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
        _flags |= Flags.ShutdownDone;
        if (Tls is not null && Tls.SendCloseNotify() == TlsStep.NeedWrite)
        {
            // The rest of it goes with the next room; only then FIN.
            _flags &= ~Flags.ShutdownDone;
            _flags |= Flags.CloseNotifySent;
            _ready &= ~Readiness.Write;
            return;
        }

        _ = Sockets.ShutdownSend(_socket);
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
            _ = SocketOptions.ResetOnClose(_socket);
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
        if (Tls is not null && Tls.PendingCiphertext > 0 && (_ready & Readiness.Write) != 0)
        {
            Took(Tls.FlushCiphertext(), CloseReason.TlsFailed);
        }

        while (!_output.IsEmpty && (_ready & Readiness.Write) != 0 && State is LinkState.Open or LinkState.Draining)
        {
            ReadOnlySpan<byte> front = _output.Front;
            int written = Write(front);
            if (_output.IsEmpty)
            {
                return;
            }

            _output.Consume(_loop.Slabs, written);
        }
    }

    /// <summary>Gives bytes to the kernel or to TLS; what is not taken is left to the caller. An error ends the link.</summary>
    private int Write(ReadOnlySpan<byte> bytes)
    {
        if ((_ready & Readiness.Write) == 0)
        {
            return 0;
        }

        if (Tls is not null)
        {
            TlsStep step = Tls.Write(bytes, out int taken);
            Took(step, CloseReason.TlsFailed);
            return taken;
        }

        IoResult result = Sockets.Send(_socket, bytes);
        if (result.Count < bytes.Length)
        {
            _ready &= ~Readiness.Write;
            if (!result.IsOk && !result.IsWouldBlock)
            {
                FailSocket(result.Errno);
            }
        }

        return result.Count;
    }

    private void Took(TlsStep step, CloseReason reason)
    {
        if (step == TlsStep.NeedWrite)
        {
            _ready &= ~Readiness.Write;
        }
        else if (step != TlsStep.Done)
        {
            FailTls(reason);
        }
    }

    private void FailSocket(Errno errno)
    {
        // What the peer sent before it reset is in the kernel's buffer and may be the answer that we wait for: read on until the end.
        bool mayHoldAnswer = State == LinkState.Open && errno is Errno.EPIPE or Errno.ECONNRESET && !IsReadingPaused;
        if (mayHoldAnswer && Tls is null && (_flags & (Flags.SendFailed | Flags.PeerEof)) == 0)
        {
            _flags |= Flags.SendFailed;
            _ready |= Readiness.Read | Readiness.HangUp;
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
        bool failed = _fault.Reason is CloseReason.HandshakeFailed or CloseReason.TlsFailed;
        if (!failed && (_ready & Readiness.Write) != 0)
        {
            WriteQueued();
        }

        if (State != LinkState.Draining)
        {
            return;
        }

        if ((failed || OutputPending == 0) && (_flags & Flags.ShutdownDone) == 0)
        {
            _flags |= Flags.ShutdownDone;
            if (!failed && Tls is not null && (_flags & Flags.CloseNotifySent) == 0)
            {
                _ = Tls.SendCloseNotify();
            }

            _ = Sockets.ShutdownSend(_socket);
        }

        for (int budget = 16; budget > 0 && (_ready & Readiness.Read) != 0 && !HasPeerEof; budget--)
        {
            IoResult discarded = Sockets.Receive(_socket, _loop.Scratch);
            if (discarded.IsWouldBlock)
            {
                _ready &= ~Readiness.Read;
            }
            else if (discarded.Count == 0)
            {
                _flags |= Flags.PeerEof;
            }
        }

        if (HasPeerEof && (_flags & Flags.ShutdownDone) != 0)
        {
            _loop.Release(this);
        }
        else if ((_ready & Readiness.Read) != 0 && !HasPeerEof)
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
    private enum Readiness : byte
    {
        None = 0,
        Read = 1,
        Write = 2,
        HangUp = 4,
        Error = 8,
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
    }
}
