#pragma warning disable CA1822
using System;
using Weft.Native.Linux;

namespace Weft.Native.OpenSsl;

/// <summary>
/// The TLS state of one connection (an SSL with a BIO over the connection's socket). Owned by a link, on its loop; reused for another connection after
/// <see cref="End"/>. What a handler may read: identity, server name, protocol and failure. The rest is for the engine.
/// </summary>
public sealed class TlsSession : IDisposable
{
    /// <summary>The peer's verified SPIFFE id, UTF-8; empty before the handshake is done or when no certificate was asked for. Valid while the link lives.</summary>
    public ReadOnlySpan<byte> PeerSpiffeId => default;

    /// <summary>The protocol agreed on, or empty.</summary>
    public ReadOnlySpan<byte> Alpn => default;

    /// <summary>The server name: the one the client asked for (server), the one we asked for (client); empty when none.</summary>
    public ReadOnlySpan<byte> ServerName => default;

    /// <summary>Negotiated protocol version; None before the handshake is done.</summary>
    public TlsVersion Version => default;

    /// <summary>Why the session ended, when it did so badly.</summary>
    public TlsFailure Failure => default;

    /// <summary>Errno of the socket when <see cref="Failure"/> is <see cref="TlsFailureKind.Socket"/>.</summary>
    public Errno SocketError => default;

    /// <summary>True once the handshake is done and the peer verified.</summary>
    public bool IsEstablished => false;

    /// <summary>Ciphertext that the socket did not take yet, in bytes.</summary>
    public int PendingCiphertext => 0;

    public bool StartServer(TlsContext context, TlsServerOptions options, SocketFd socket, ReadOnlySpan<byte> replay) => throw new NotSupportedException();

    public bool StartClient(TlsContext context, TlsClientOptions options, SocketFd socket) => throw new NotSupportedException();

    public void MarkSocketReadable(bool hangUp)
    {
    }

    public TlsStep Handshake() => TlsStep.Failed;

    public TlsStep Read(Span<byte> destination, out int count) => throw new NotSupportedException();

    public TlsStep Write(ReadOnlySpan<byte> bytes, out int count) => throw new NotSupportedException();

    public TlsStep FlushCiphertext() => TlsStep.Failed;

    public TlsStep SendCloseNotify() => TlsStep.Failed;

    public void End()
    {
    }

    /// <inheritdoc/>
    public void Dispose() => End();
}
