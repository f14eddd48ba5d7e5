using System;
using System.Runtime.InteropServices;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;

namespace Weft.Reactor;

/// <summary>What became of one try to move bytes.</summary>
internal enum WireStatus
{
    /// <summary>Moved; more may go at once.</summary>
    Moved,

    /// <summary>As far as it goes for now: an event will say when to go on.</summary>
    Exhausted,

    /// <summary>Receiving has to wait for room to send: the TLS session must say something first.</summary>
    MustSendFirst,

    /// <summary>The peer's direction has ended properly.</summary>
    Ended,

    /// <summary>The connection ended inside TLS.</summary>
    Truncated,

    /// <summary>The socket failed.</summary>
    SocketFailed,

    /// <summary>TLS failed.</summary>
    TlsFailed,
}

/// <summary>The outcome of one try: status, bytes moved in any case, and the kernel's word when the socket failed.</summary>
internal readonly record struct WireResult(WireStatus Status, int Count = 0, Errno Errno = Errno.None);

/// <summary>
/// A link's connection to the kernel, plain or TLS alike: the descriptor, what epoll has said about it, and the session. Knows no handlers and no
/// queues. A field of its link, never copied.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct LinkWire
{
    private SocketFd _socket;
    private Readiness _ready;

    public TlsSession? Tls;

    public readonly SocketFd Socket => _socket;

    public readonly bool IsOpen => _socket.IsOpen;

    public readonly bool MayRead => (_ready & Readiness.Read) != 0;

    public readonly bool MayWrite => (_ready & Readiness.Write) != 0;

    /// <summary>The peer will send no more, whatever still lies unread.</summary>
    public readonly bool HasHungUp => (_ready & Readiness.HangUp) != 0;

    public readonly bool HasError => (_ready & Readiness.Error) != 0;

    public readonly int PendingCiphertext => Tls?.PendingCiphertext ?? 0;

    /// <summary>Takes over a connected socket: it has room to send, and its first event will say whether it has bytes.</summary>
    public void Open(SocketFd socket, bool connected)
    {
        _socket = socket;
        _ready = connected ? Readiness.Write : Readiness.None;
    }

    public void OnEvents(EpollEvents events)
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

        if (MayRead)
        {
            Tls?.MarkSocketReadable(HasHungUp);
        }
    }

    /// <summary>Puts a session over the socket; it looks at the socket at once, whose readiness may have been used up by plain reading.</summary>
    public void Secure(TlsSession session)
    {
        Tls = session;
        session.MarkSocketReadable(HasHungUp);
    }

    /// <summary>Read on whatever epoll said: the session may hold decrypted bytes, or a failed send has shown that there is an end to be read.</summary>
    public void ReadAgain(bool toTheEnd) => _ready |= toTheEnd ? Readiness.Read | Readiness.HangUp : Readiness.Read;

    public void StopReading() => _ready &= ~Readiness.Read;

    public WireResult Receive(Span<byte> room) => Tls is null ? ReceivePlain(room) : ReceiveTls(Tls, room);

    /// <summary>Gives bytes to the kernel or to TLS; Count of them are taken for good.</summary>
    public WireResult Send(ReadOnlySpan<byte> bytes)
    {
        if (!MayWrite)
        {
            return new WireResult(WireStatus.Exhausted);
        }

        if (Tls is not null)
        {
            TlsStep step = Tls.Write(bytes, out int taken);
            return AfterTlsSend(step, taken);
        }

        IoResult result = Sockets.Send(_socket, bytes);
        if (result.Count == bytes.Length)
        {
            return new WireResult(WireStatus.Moved, result.Count);
        }

        _ready &= ~Readiness.Write;
        return result.IsOk || result.IsWouldBlock
            ? new WireResult(WireStatus.Exhausted, result.Count)
            : new WireResult(WireStatus.SocketFailed, 0, result.Errno);
    }

    /// <summary>Sends ciphertext that waited in the session.</summary>
    public WireResult SendPending() =>
        Tls is null || Tls.PendingCiphertext == 0 || !MayWrite ? new WireResult(WireStatus.Moved) : AfterTlsSend(Tls.FlushCiphertext(), 0);

    /// <summary>One step of the handshake. Moved: it is done.</summary>
    public WireResult Handshake()
    {
        switch (Tls!.Handshake())
        {
            case TlsStep.Done:
                ReadAgain(toTheEnd: false);
                return new WireResult(WireStatus.Moved);
            case TlsStep.NeedRead:
                return new WireResult(WireStatus.Exhausted);
            case TlsStep.NeedWrite:
                _ready &= ~Readiness.Write;
                return new WireResult(WireStatus.Exhausted);
            default:
                return new WireResult(WireStatus.TlsFailed);
        }
    }

    /// <summary>Ends our direction: close_notify, then FIN. False when close_notify is not out yet: <see cref="SendPending"/> first, then <see cref="Finish"/>.</summary>
    public bool TryEndSending()
    {
        if (Tls is not null && Tls.SendCloseNotify() == TlsStep.NeedWrite)
        {
            _ready &= ~Readiness.Write;
            return false;
        }

        Finish();
        return true;
    }

    /// <summary>FIN.</summary>
    public readonly void Finish() => _ = Sockets.ShutdownSend(_socket);

    /// <summary>Reads away what comes, so that closing sends no RST over bytes still under way to the peer.</summary>
    /// <returns>True when the peer's direction has ended.</returns>
    public bool Discard(byte[] scratch, int reads)
    {
        while (reads-- > 0 && MayRead)
        {
            IoResult discarded = Sockets.Receive(_socket, scratch);
            if (discarded.IsWouldBlock)
            {
                _ready &= ~Readiness.Read;
            }
            else if (discarded.Count == 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Closing will send RST and forget what is unsent.</summary>
    public readonly void ResetOnClose() => _ = SocketOptions.ResetOnClose(_socket);

    /// <summary>Takes the socket's error away.</summary>
    public readonly Errno TakeError() => SocketOptions.TakeError(_socket);

    /// <summary>Closes the only copy of the descriptor, which also takes it out of the epoll set.</summary>
    public void Close()
    {
        if (_socket.IsOpen)
        {
            Sockets.Close(_socket);
        }

        _socket = SocketFd.None;
        _ready = Readiness.None;
    }

    private WireResult ReceivePlain(Span<byte> room)
    {
        IoResult result = Sockets.Receive(_socket, room);
        if (result.Count > 0)
        {
            // A short read has emptied the socket: new bytes bring a new edge, so no second call only to hear EAGAIN. Unless the peer is done:
            // then its end of stream waits behind the bytes, and no edge will announce it again.
            if (result.Count < room.Length && !HasHungUp)
            {
                _ready &= ~Readiness.Read;
            }

            return new WireResult(WireStatus.Moved, result.Count);
        }

        if (result.IsOk)
        {
            _ready &= ~Readiness.Read;
            return new WireResult(WireStatus.Ended);
        }

        if (result.IsWouldBlock)
        {
            _ready &= ~Readiness.Read;
            return new WireResult(WireStatus.Exhausted);
        }

        return new WireResult(WireStatus.SocketFailed, 0, result.Errno);
    }

    private WireResult ReceiveTls(TlsSession session, Span<byte> room)
    {
        TlsStep step = session.Read(room, out int count);
        switch (step)
        {
            case TlsStep.Done:
                return new WireResult(WireStatus.Moved, count);
            case TlsStep.NeedRead:
                _ready &= ~Readiness.Read;
                return new WireResult(WireStatus.Exhausted, count);
            case TlsStep.NeedWrite:
                _ready &= ~Readiness.Write;
                return new WireResult(WireStatus.MustSendFirst, count);
            case TlsStep.EndOfStream:
                _ready &= ~Readiness.Read;
                return new WireResult(WireStatus.Ended, count);
            case TlsStep.Truncated:
                return new WireResult(WireStatus.Truncated, count);
            default:
                return new WireResult(WireStatus.TlsFailed, count);
        }
    }

    private WireResult AfterTlsSend(TlsStep step, int taken)
    {
        switch (step)
        {
            case TlsStep.Done:
                return new WireResult(WireStatus.Moved, taken);
            case TlsStep.NeedWrite:
                _ready &= ~Readiness.Write;
                return new WireResult(WireStatus.Exhausted, taken);
            default:
                return new WireResult(WireStatus.TlsFailed, taken);
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
}
