using System;
using System.ComponentModel;
using System.IO;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>
/// A listening socket of the process: opened here or inherited from the launcher, shared by every loop that calls <see cref="Loop.Listen"/> on it.
/// Its backlog holds connections while nobody accepts, also over a restart when the descriptor is inherited.
/// </summary>
public sealed class ListeningSocket : IDisposable
{
    /// <summary>Connections that may wait; the kernel caps it at net.core.somaxconn (4096 by default).</summary>
    public const int DefaultBacklog = 4096;

    private readonly DescriptorHandle _handle;

    private ListeningSocket(int descriptor, string? unixPath = null)
    {
        _handle = new DescriptorHandle(descriptor);
        UnixPath = unixPath;
        LocalAddress = Sockets.LocalAddress(Socket);
    }

    /// <summary>Where it listens; with port 0 asked for, the port that was given. <c>default</c> for a Unix socket.</summary>
    public IpEndpoint LocalAddress { get; }

    /// <summary>The file of a Unix socket that we made.</summary>
    public string? UnixPath { get; }

    /// <summary>The descriptor, for the loops that poll it.</summary>
    public SocketFd Socket => new(_handle.Number);

    /// <summary>Listens on a TCP address. An IPv6 socket leaves IPv4 alone.</summary>
    /// <param name="local">Address and port; port 0 takes a free one.</param>
    /// <param name="backlog">Connections that may wait.</param>
    /// <param name="transparent">Also accept connections to addresses that are not ours (TPROXY); needs CAP_NET_ADMIN.</param>
    /// <exception cref="Win32Exception">The kernel refuses; the message names the address and why.</exception>
    public static ListeningSocket Bind(in IpEndpoint local, int backlog = DefaultBacklog, bool transparent = false)
    {
        SocketFd socket = Made(Sockets.OpenStream(local), local.ToString());
        Check(socket, SocketOptions.ReuseAddress(socket), local.ToString());
        if (local.IsIPv6)
        {
            Check(socket, SocketOptions.V6Only(socket), local.ToString());
        }

        if (transparent)
        {
            Check(socket, SocketOptions.Transparent(socket), local.ToString());
        }

        Check(socket, Sockets.Bind(socket, local), local.ToString());
        Check(socket, Sockets.Listen(socket, backlog), local.ToString());
        // Accepted sockets inherit it: one system call less for each.
        Check(socket, SocketOptions.NoDelay(socket), local.ToString());
        return new ListeningSocket(socket.Number);
    }

    /// <summary>Listens on a Unix socket and removes a stale file of that name first. The caller narrows the directory's permissions.</summary>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public static ListeningSocket BindUnix(string path, int backlog = 128)
    {
        File.Delete(path);
        SocketFd socket = Made(Sockets.OpenUnix(), path);
        Check(socket, Sockets.BindUnix(socket, path), path);
        Check(socket, Sockets.Listen(socket, backlog), path);
        return new ListeningSocket(socket.Number, path);
    }

    /// <summary>Takes over a listening descriptor from the launcher.</summary>
    /// <exception cref="Win32Exception">It is not a socket.</exception>
    public static ListeningSocket FromInherited(int descriptor)
    {
        SocketFd socket = new(descriptor);
        string name = "inherited descriptor " + descriptor;
        IoResult nonBlocking = Sockets.MakeNonBlocking(socket);
        if (!nonBlocking.IsOk)
        {
            throw new Win32Exception((int)nonBlocking.Errno, name + ": " + nonBlocking.Errno.Describe());
        }

        // Fails on a Unix socket, which needs it not.
        _ = SocketOptions.NoDelay(socket);
        return new ListeningSocket(descriptor);
    }

    /// <summary>Closes our copy of the descriptor. Stop the loops' listeners first.</summary>
    public void Dispose()
    {
        _handle.Dispose();
        if (UnixPath is not null)
        {
            File.Delete(UnixPath);
        }
    }

    private static SocketFd Made(IoResult result, string name) =>
        result.IsOk ? new SocketFd(result.Value) : throw new Win32Exception((int)result.Errno, name + ": " + result.Errno.Describe());

    private static void Check(SocketFd socket, IoResult result, string name)
    {
        if (!result.IsOk)
        {
            Sockets.Close(socket);
            throw new Win32Exception((int)result.Errno, "cannot listen on " + name + ": " + result.Errno.Describe());
        }
    }
}
