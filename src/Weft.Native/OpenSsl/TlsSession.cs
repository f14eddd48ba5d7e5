using System;
using System.Runtime.InteropServices;
using Weft.Buffers;
using Weft.Native.Linux;

namespace Weft.Native.OpenSsl;

/// <summary>
/// The TLS state of one connection (an SSL with a BIO over the connection's socket). Owned by a link, on its loop; reused for another connection after
/// <see cref="End"/>. Handlers read who the peer is, what was agreed and why it failed; the other members are for the engine.
/// <para>Ciphertext goes straight from and to the socket. It is kept here only when the socket takes no more (then no more plaintext is accepted, so
/// that little piles up) and when bytes were sniffed before TLS began.</para>
/// </summary>
public sealed unsafe class TlsSession : IDisposable
{
    /// <summary>From the BIO's halves: try again when the socket is ready.</summary>
    internal const int Later = -2;

    private const int ErrorSsl = 1;
    private const int ErrorWantRead = 2;
    private const int ErrorWantWrite = 3;
    private const int ErrorSystemCall = 5;
    private const int ErrorZeroReturn = 6;
    private const int ControlServerName = 55;
    private const int RecordBytes = 16 * 1024;

    // What the session itself may say while the peer does not read (key updates): beyond it, reading waits for room to write.
    private const int MaxUnpromptedCiphertext = 64 * 1024;

    private readonly TlsWorkspace _workspace;
    private readonly GCHandle _self;
    private SessionName _peerId;
    private SessionName _serverName;
    private SessionName _alpn;
    private nint _ssl;
    private SocketFd _socket;
    private InputBuffer _replay;
    private CiphertextOutput _output;
    private TlsFailure _failure;
    private bool _readable;
    private bool _hungUp;
    private bool _peerRefused;
    private bool _disposed;

    /// <summary>Makes an empty session of a loop.</summary>
    public TlsSession(TlsWorkspace workspace)
    {
        _workspace = workspace;
        _self = GCHandle.Alloc(this);
    }

    /// <summary>The peer's verified SPIFFE id, UTF-8; empty before the handshake is done or when no certificate was asked for. Valid while the link lives.</summary>
    public ReadOnlySpan<byte> PeerSpiffeId => IsEstablished ? _peerId.Bytes : default;

    /// <summary>The id in a certificate that was refused though its chain is good: for the log line that says who knocked. Not verified to be expected.</summary>
    public ReadOnlySpan<byte> RefusedSpiffeId => _peerRefused ? _peerId.Bytes : default;

    /// <summary>The protocol agreed on, or empty.</summary>
    public ReadOnlySpan<byte> Alpn => _alpn.Bytes;

    /// <summary>The server name: the one the client asked for (server), the one we asked for (client); empty when none.</summary>
    public ReadOnlySpan<byte> ServerName => _serverName.Bytes;

    /// <summary>Negotiated protocol version; None before the handshake is done.</summary>
    public TlsVersion Version { get; private set; }

    /// <summary>Why the session ended, when it did so badly.</summary>
    public TlsFailure Failure => _failure;

    /// <summary>Errno of the socket when <see cref="Failure"/> is <see cref="TlsFailureKind.Socket"/>.</summary>
    public Errno SocketError { get; private set; }

    /// <summary>True once the handshake is done and the peer verified.</summary>
    public bool IsEstablished { get; private set; }

    /// <summary>Ciphertext that the socket did not take yet, in bytes.</summary>
    public int PendingCiphertext => _output.Pending;

    internal PeerExpectation Expected { get; private set; } = PeerExpectation.AnyTrusted;

    internal AlpnList AlpnPreferences { get; private set; } = AlpnList.None;

    internal bool SocketEnded { get; private set; }

    /// <summary>Becomes the server side of a connection whose first bytes may have been received already.</summary>
    /// <returns>False when OpenSSL cannot; <see cref="Failure"/> says why.</returns>
    public bool StartServer(TlsContext context, TlsServerOptions options, SocketFd socket, ReadOnlySpan<byte> replay)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        Expected = options.Expected;
        AlpnPreferences = options.Alpn ?? context.Alpn;
        if (!Start(context, socket))
        {
            return false;
        }

        LibSsl.SSL_set_accept_state(_ssl);
        return _replay.TryPark(_workspace.Slabs, replay) || Fail(TlsFailureKind.Internal);
    }

    /// <summary>Becomes the client side of a connected socket.</summary>
    /// <returns>False when OpenSSL cannot; <see cref="Failure"/> says why.</returns>
    public bool StartClient(TlsContext context, TlsClientOptions options, SocketFd socket)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(options);
        Expected = options.Expected;
        if (!Start(context, socket))
        {
            return false;
        }

        LibSsl.SSL_set_connect_state(_ssl);
        return SetServerName(options.ServerNameZ) && SetAlpn(options.Alpn) || Fail(TlsFailureKind.Internal);
    }

    /// <summary>epoll has reported bytes (or the end) on the socket.</summary>
    /// <param name="hungUp">The peer will send no more: read to the end whatever short reads suggest.</param>
    public void MarkSocketReadable(bool hungUp)
    {
        _readable = true;
        _hungUp |= hungUp;
    }

    /// <summary>Takes the handshake as far as it goes now.</summary>
    /// <returns>Done, NeedRead, NeedWrite or Failed.</returns>
    public TlsStep Handshake()
    {
        if (FlushCiphertext() is TlsStep blocked and not TlsStep.Done)
        {
            return blocked;
        }

        int result = LibSsl.SSL_do_handshake(_ssl);
        TlsStep step = result == 1 ? TlsStep.Done : StepAfter(result);
        // A verified chain may leave remarks behind, which the next call would take for its own.
        LibCrypto.ERR_clear_error();
        switch (step)
        {
            case TlsStep.Done:
                NoteAgreement();
                return TlsStep.Done;
            case TlsStep.NeedRead:
                return _output.Pending == 0 ? TlsStep.NeedRead : TlsStep.NeedWrite;
            case TlsStep.EndOfStream or TlsStep.Truncated:
                Fail(TlsFailureKind.ClosedInHandshake);
                return TlsStep.Failed;
            default:
                return step;
        }
    }

    /// <summary>
    /// Decrypts until <paramref name="destination"/> is full (Done) or the session has no more (any other step); <paramref name="count"/> bytes are there in
    /// either case.
    /// </summary>
    public TlsStep Read(Span<byte> destination, out int count)
    {
        count = 0;
        if (_output.Pending > MaxUnpromptedCiphertext)
        {
            return TlsStep.NeedWrite;
        }

        fixed (byte* start = destination)
        {
            while (count < destination.Length)
            {
                int read = LibSsl.SSL_read(_ssl, start + count, destination.Length - count);
                if (read <= 0)
                {
                    return StepAfter(read);
                }

                count += read;
                // The socket is known to be empty and so is the session: spare the call that would only say so.
                if (!_readable && _replay.IsEmpty && LibSsl.SSL_has_pending(_ssl) == 0)
                {
                    return TlsStep.NeedRead;
                }
            }
        }

        return TlsStep.Done;
    }

    /// <summary>Encrypts and sends what the socket takes. <paramref name="count"/> bytes of plaintext are taken for good, NeedWrite or not.</summary>
    public TlsStep Write(ReadOnlySpan<byte> bytes, out int count)
    {
        count = 0;
        if (_output.Pending > 0)
        {
            return TlsStep.NeedWrite;
        }

        fixed (byte* start = bytes)
        {
            while (count < bytes.Length)
            {
                int chunk = Math.Min(bytes.Length - count, 4 * RecordBytes);
                TlsStep step = WriteChunk(start + count, chunk, out int taken);
                count += taken;
                if (step != TlsStep.Done)
                {
                    return step;
                }
            }
        }

        return TlsStep.Done;
    }

    /// <summary>Sends ciphertext that waited.</summary>
    /// <returns>Done when none waits any more, NeedWrite, or Failed.</returns>
    public TlsStep FlushCiphertext()
    {
        Errno error = _output.Flush(_workspace, _socket);
        if (error is Errno.None or Errno.EAGAIN)
        {
            return error == Errno.None ? TlsStep.Done : TlsStep.NeedWrite;
        }

        FailSocket(error);
        return TlsStep.Failed;
    }

    /// <summary>Tells the peer that we send no more. Its own direction stays open.</summary>
    /// <returns>Done, NeedWrite, or Failed.</returns>
    public TlsStep SendCloseNotify()
    {
        if (_ssl == 0 || !IsEstablished || !_failure.IsNone)
        {
            return TlsStep.Failed;
        }

        int result = LibSsl.SSL_shutdown(_ssl);
        if (result < 0)
        {
            TlsStep step = StepAfter(result);
            return step == TlsStep.NeedRead ? TlsStep.Done : step;
        }

        return _output.Pending == 0 ? TlsStep.Done : TlsStep.NeedWrite;
    }

    /// <summary>Frees what the connection used and makes the session ready for another.</summary>
    public void End()
    {
        if (_ssl != 0)
        {
            // Frees the BIO too.
            LibSsl.SSL_free(_ssl);
            LibCrypto.ERR_clear_error();
            _ssl = 0;
        }

        _replay.Clear(_workspace.Slabs);
        _output.Clear(_workspace);
        _socket = SocketFd.None;
        Expected = PeerExpectation.AnyTrusted;
        AlpnPreferences = AlpnList.None;
        IsEstablished = false;
        SocketEnded = false;
        SocketError = Errno.None;
        Version = TlsVersion.None;
        _failure = default;
        _readable = false;
        _hungUp = false;
        _peerRefused = false;
        _peerId.Set(default);
        _serverName.Set(default);
        _alpn.Set(default);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            End();
            // Only now: the BIO, freed by End, was the last to know the handle.
            _self.Free();
        }
    }

    /// <summary>The BIO's reading half: replayed bytes first, then the socket unless it is known to be empty.</summary>
    internal int ReceiveCiphertext(Span<byte> destination)
    {
        if (!_replay.IsEmpty)
        {
            int count = Math.Min(destination.Length, _replay.Length);
            _replay.Bytes[..count].CopyTo(destination);
            _replay.Consume(_workspace.Slabs, count);
            return count;
        }

        if (!_readable)
        {
            return Later;
        }

        IoResult received = Sockets.Receive(_socket, destination);
        if (received.Count < destination.Length && !_hungUp)
        {
            // A short read has emptied the socket; new bytes bring a new edge.
            _readable = false;
        }

        if (received.Value > 0)
        {
            return received.Count;
        }

        if (received.IsOk)
        {
            SocketEnded = true;
            return 0;
        }

        if (received.IsWouldBlock)
        {
            _readable = false;
            return Later;
        }

        FailSocket(received.Errno);
        return -1;
    }

    /// <summary>The BIO's writing half: to the socket; the rest waits here, so that OpenSSL never has to repeat a write.</summary>
    internal int SendCiphertext(ReadOnlySpan<byte> bytes)
    {
        if (_output.Pending > MaxUnpromptedCiphertext)
        {
            return Later;
        }

        Errno error = _output.Send(_workspace, _socket, bytes);
        if (error == Errno.None)
        {
            return bytes.Length;
        }

        FailSocket(error);
        return -1;
    }

    /// <summary>The verifier has read a well-formed id out of a good chain.</summary>
    internal void NamePeer(ReadOnlySpan<byte> spiffeId) => _peerId.Set(spiffeId);

    /// <summary>The verifier's verdict; it outlives the alert that OpenSSL makes of it.</summary>
    internal void RefusePeer(TlsFailure failure)
    {
        _peerRefused = true;
        _failure = failure;
    }

    internal void CallbackThrew(Exception exception)
    {
        _ = exception;
        Fail(TlsFailureKind.Internal);
    }

    private bool Start(TlsContext context, SocketFd socket)
    {
        _socket = socket;
        _ssl = context.NewSsl();
        nint bio = _ssl == 0 ? 0 : SocketBio.Create(_self);
        if (bio == 0)
        {
            return Fail(TlsFailureKind.Internal);
        }

        LibSsl.SSL_set_bio(_ssl, bio, bio);
        return true;
    }

    private bool SetServerName(byte[]? nameZ)
    {
        if (nameZ is null)
        {
            return true;
        }

        _serverName.Set(nameZ.AsSpan(0, nameZ.Length - 1));
        fixed (byte* start = nameZ)
        {
            return LibSsl.SSL_ctrl(_ssl, ControlServerName, 0, start) == 1;
        }
    }

    private bool SetAlpn(AlpnList alpn)
    {
        fixed (byte* start = alpn.Wire)
        {
            // Unlike its neighbours this one returns 0 for success.
            return alpn.IsEmpty || LibSsl.SSL_set_alpn_protos(_ssl, start, (uint)alpn.Wire.Length) == 0;
        }
    }

    private void NoteAgreement()
    {
        IsEstablished = true;
        Version = (TlsVersion)LibSsl.SSL_version(_ssl);
        byte* protocol;
        uint length;
        LibSsl.SSL_get0_alpn_selected(_ssl, &protocol, &length);
        _alpn.Set(new ReadOnlySpan<byte>(protocol, (int)length));
        byte* name = LibSsl.SSL_get_servername(_ssl, 0);
        if (name is not null)
        {
            _serverName.Set(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
        }
    }

    private TlsStep WriteChunk(byte* bytes, int length, out int taken)
    {
        taken = 0;
        bool corks = length > RecordBytes;
        if (corks)
        {
            // Several records leave in one system call; a single one goes straight to the socket.
            _output.Cork();
        }

        TlsStep step = TlsStep.Done;
        while (taken < length && step == TlsStep.Done)
        {
            int written = LibSsl.SSL_write(_ssl, bytes + taken, length - taken);
            step = written > 0 ? TlsStep.Done : StepAfter(written);
            taken += Math.Max(written, 0);
        }

        Errno error = corks ? _output.Uncork(_workspace, _socket) : Errno.None;
        if (error != Errno.None)
        {
            FailSocket(error);
            return TlsStep.Failed;
        }

        return step == TlsStep.Done && _output.Pending > 0 ? TlsStep.NeedWrite : step;
    }

    private TlsStep StepAfter(int result)
    {
        int error = LibSsl.SSL_get_error(_ssl, result);
        switch (error)
        {
            case ErrorWantRead:
                return TlsStep.NeedRead;
            case ErrorWantWrite:
                return TlsStep.NeedWrite;
            case ErrorZeroReturn:
                return TlsStep.EndOfStream;
            default:
                return NoteError(error);
        }
    }

    private TlsStep NoteError(int error)
    {
        ulong code = LibCrypto.ERR_peek_error();
        LibCrypto.ERR_clear_error();
        if (!_failure.IsNone)
        {
            return TlsStep.Failed;
        }

        if (SocketEnded && (error == ErrorSystemCall || TlsErrors.IsUnexpectedEof(code)))
        {
            return TlsStep.Truncated;
        }

        _failure = new TlsFailure(error == ErrorSsl ? TlsErrors.KindOf(code) : TlsFailureKind.Internal, 0, code);
        return TlsStep.Failed;
    }

    private void FailSocket(Errno errno)
    {
        SocketError = errno;
        Fail(TlsFailureKind.Socket);
    }

    private bool Fail(TlsFailureKind kind)
    {
        if (_failure.IsNone)
        {
            _failure = new TlsFailure(kind);
        }

        return false;
    }
}
