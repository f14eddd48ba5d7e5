using System;
using System.Runtime.InteropServices;
using Weft.Buffers;
using Weft.Native.Linux;

namespace Weft.Native.OpenSsl;

/// <summary>
/// What a session sends: straight to the socket, several records of one large write in one system call, the rest kept in order until there is room.
/// A field of its session, never copied.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct CiphertextOutput
{
    private ByteQueue _pending;
    private int _corked;
    private bool _isCorking;

    /// <summary>Bytes that the socket did not take yet.</summary>
    public readonly int Pending => _pending.Length;

    /// <summary>Takes <paramref name="bytes"/> whole unless the socket fails.</summary>
    /// <returns>None, or the socket's error.</returns>
    public Errno Send(TlsWorkspace workspace, SocketFd socket, ReadOnlySpan<byte> bytes)
    {
        if (!_isCorking)
        {
            return SendOrKeep(workspace, socket, bytes);
        }

        Errno error = bytes.Length > TlsWorkspace.CorkBytes - _corked ? SendCork(workspace, socket) : Errno.None;
        if (error != Errno.None || bytes.Length > TlsWorkspace.CorkBytes)
        {
            return error != Errno.None ? error : SendOrKeep(workspace, socket, bytes);
        }

        bytes.CopyTo(workspace.Cork.AsSpan(_corked));
        _corked += bytes.Length;
        return Errno.None;
    }

    /// <summary>Gathers from here on, in the loop's buffer: nothing else may be sent on the loop until <see cref="Uncork"/>.</summary>
    public void Cork() => _isCorking = true;

    /// <summary>Sends what was gathered.</summary>
    public Errno Uncork(TlsWorkspace workspace, SocketFd socket)
    {
        _isCorking = false;
        return SendCork(workspace, socket);
    }

    /// <summary>Sends what was kept, as far as the socket takes it.</summary>
    /// <returns>None when nothing is left, EAGAIN when something is, or the socket's error.</returns>
    public Errno Flush(TlsWorkspace workspace, SocketFd socket)
    {
        while (!_pending.IsEmpty)
        {
            IoResult sent = Sockets.Send(socket, _pending.Front);
            if (!sent.IsOk)
            {
                return sent.Errno;
            }

            _pending.Consume(workspace.Slabs, sent.Count);
        }

        return Errno.None;
    }

    public void Clear(TlsWorkspace workspace)
    {
        _pending.Clear(workspace.Slabs);
        _corked = 0;
        _isCorking = false;
    }

    private Errno SendCork(TlsWorkspace workspace, SocketFd socket)
    {
        int count = _corked;
        _corked = 0;
        return SendOrKeep(workspace, socket, workspace.Cork.AsSpan(0, count));
    }

    private Errno SendOrKeep(TlsWorkspace workspace, SocketFd socket, ReadOnlySpan<byte> bytes)
    {
        if (_pending.IsEmpty && !bytes.IsEmpty)
        {
            IoResult sent = Sockets.Send(socket, bytes);
            if (!sent.IsOk && !sent.IsWouldBlock)
            {
                return sent.Errno;
            }

            bytes = bytes[sent.Count..];
        }

        _pending.Append(workspace.Slabs, bytes);
        return Errno.None;
    }
}
