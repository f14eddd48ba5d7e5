using System;
using System.Text;

namespace Weft.Native.Linux;

/// <summary>
/// The socket calls of the engine, errors as values. Everything a loop calls here returns at once (sockets are non-blocking); interrupted calls are
/// repeated. Any thread may call, but a descriptor has one owner.
/// </summary>
public static unsafe class Sockets
{
    private const int FamilyUnix = 1;
    private const int FamilyIPv4 = 2;
    private const int FamilyIPv6 = 10;
    private const int TypeStream = 1;
    private const int TypeDatagram = 2;
    private const int NonBlockCloseOnExec = 0x800 | 0x80000;
    private const int MsgNoSignal = 0x4000;
    private const int GetStatusFlags = 3;
    private const int SetStatusFlags = 4;
    private const int SetDescriptorFlags = 2;
    private const int StatusNonBlock = 0x800;
    private const int DescriptorCloseOnExec = 1;
    private const int UnixAddressSize = 110;

    /// <summary>Makes a TCP socket of the family of <paramref name="peer"/>.</summary>
    public static IoResult OpenStream(in IpEndpoint peer) => LibC.Result(LibC.socket(Family(peer), TypeStream | NonBlockCloseOnExec, 0));

    /// <summary>Makes a UDP socket of the family of <paramref name="peer"/>.</summary>
    public static IoResult OpenDatagram(in IpEndpoint peer) => LibC.Result(LibC.socket(Family(peer), TypeDatagram | NonBlockCloseOnExec, 0));

    /// <summary>Makes a Unix stream socket.</summary>
    public static IoResult OpenUnix() => LibC.Result(LibC.socket(FamilyUnix, TypeStream | NonBlockCloseOnExec, 0));

    /// <summary>Gives the socket a local address.</summary>
    public static IoResult Bind(SocketFd socket, in IpEndpoint local)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.SocketAddressSize];
        int length = local.WriteSocketAddress(address);
        fixed (byte* start = address)
        {
            return LibC.Result(LibC.bind(socket.Number, start, (uint)length));
        }
    }

    /// <summary>Gives a Unix socket its path; the file must not exist.</summary>
    public static IoResult BindUnix(SocketFd socket, string path)
    {
        Span<byte> address = stackalloc byte[UnixAddressSize];
        if (!TryWriteUnixAddress(address, path, out int length))
        {
            return IoResult.Failed(Errno.EINVAL);
        }

        fixed (byte* start = address)
        {
            return LibC.Result(LibC.bind(socket.Number, start, (uint)length));
        }
    }

    /// <summary>Starts to accept connections.</summary>
    /// <param name="socket">A bound stream socket.</param>
    /// <param name="backlog">Connections that may wait; the kernel caps it at net.core.somaxconn.</param>
    public static IoResult Listen(SocketFd socket, int backlog) => LibC.Result(LibC.listen(socket.Number, backlog));

    /// <summary>Takes the next waiting connection, non-blocking and close-on-exec.</summary>
    public static IoResult Accept(SocketFd listener, out IpEndpoint peer)
    {
        Span<byte> address = stackalloc byte[128];
        fixed (byte* start = address)
        {
            IoResult result;
            uint length;
            do
            {
                length = (uint)address.Length;
                result = LibC.Result(LibC.accept4(listener.Number, start, &length, NonBlockCloseOnExec));
            }
            while (result.Errno == Errno.EINTR);
            peer = result.IsOk ? IpEndpoint.FromSocketAddress(address[..(int)Math.Min(length, (uint)address.Length)]) : default;
            return result;
        }
    }

    /// <summary>Starts to connect. <see cref="Errno.EINPROGRESS"/> is the usual answer; epoll then reports the outcome, <see cref="SocketOptions.TakeError"/> names it.</summary>
    public static IoResult Connect(SocketFd socket, in IpEndpoint peer)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.SocketAddressSize];
        int length = peer.WriteSocketAddress(address);
        fixed (byte* start = address)
        {
            return LibC.Result(LibC.connect(socket.Number, start, (uint)length));
        }
    }

    /// <summary>Connects to a Unix socket; succeeds or fails at once.</summary>
    public static IoResult ConnectUnix(SocketFd socket, string path)
    {
        Span<byte> address = stackalloc byte[UnixAddressSize];
        if (!TryWriteUnixAddress(address, path, out int length))
        {
            return IoResult.Failed(Errno.EINVAL);
        }

        fixed (byte* start = address)
        {
            return LibC.Result(LibC.connect(socket.Number, start, (uint)length));
        }
    }

    /// <summary>Receives into <paramref name="destination"/>; 0 is the peer's end of stream.</summary>
    public static IoResult Receive(SocketFd socket, Span<byte> destination)
    {
        fixed (byte* start = destination)
        {
            return Receive(socket.Number, start, destination.Length);
        }
    }

    /// <summary>Sends what the kernel takes at once. No SIGPIPE: a peer that is gone is <see cref="Errno.EPIPE"/>.</summary>
    public static IoResult Send(SocketFd socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return Send(socket.Number, start, bytes.Length);
        }
    }

    /// <summary>Receives one datagram and its sender; a longer one is cut to <paramref name="destination"/>.</summary>
    public static IoResult ReceiveFrom(SocketFd socket, Span<byte> destination, out IpEndpoint sender)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.SocketAddressSize];
        fixed (byte* start = destination)
        fixed (byte* addressStart = address)
        {
            IoResult result;
            uint length;
            do
            {
                length = (uint)address.Length;
                result = LibC.Result(LibC.recvfrom(socket.Number, start, (nuint)destination.Length, 0, addressStart, &length));
            }
            while (result.Errno == Errno.EINTR);
            sender = result.IsOk ? IpEndpoint.FromSocketAddress(address[..(int)Math.Min(length, (uint)address.Length)]) : default;
            return result;
        }
    }

    /// <summary>Sends one datagram to <paramref name="receiver"/>.</summary>
    public static IoResult SendTo(SocketFd socket, ReadOnlySpan<byte> datagram, in IpEndpoint receiver)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.SocketAddressSize];
        int length = receiver.WriteSocketAddress(address);
        fixed (byte* start = datagram)
        fixed (byte* addressStart = address)
        {
            IoResult result;
            do
            {
                result = LibC.Result(LibC.sendto(socket.Number, start, (nuint)datagram.Length, MsgNoSignal, addressStart, (uint)length));
            }
            while (result.Errno == Errno.EINTR);
            return result;
        }
    }

    /// <summary>Ends our direction (FIN); the other stays open.</summary>
    public static IoResult ShutdownSend(SocketFd socket) => LibC.Result(LibC.shutdown(socket.Number, 1));

    /// <summary>Gives the descriptor back. Never repeated on EINTR: Linux has freed the number by then and another thread may own it.</summary>
    public static void Close(SocketFd socket) => _ = LibC.close(socket.Number);

    /// <summary>The address the socket is bound to; <c>default</c> when there is none.</summary>
    public static IpEndpoint LocalAddress(SocketFd socket)
    {
        Span<byte> address = stackalloc byte[128];
        uint length = (uint)address.Length;
        fixed (byte* start = address)
        {
            return LibC.getsockname(socket.Number, start, &length) < 0
                ? default
                : IpEndpoint.FromSocketAddress(address[..(int)Math.Min(length, (uint)address.Length)]);
        }
    }

    /// <summary>The connected peer's address; <c>default</c> when there is none.</summary>
    public static IpEndpoint RemoteAddress(SocketFd socket)
    {
        Span<byte> address = stackalloc byte[128];
        uint length = (uint)address.Length;
        fixed (byte* start = address)
        {
            return LibC.getpeername(socket.Number, start, &length) < 0
                ? default
                : IpEndpoint.FromSocketAddress(address[..(int)Math.Min(length, (uint)address.Length)]);
        }
    }

    /// <summary>Makes an inherited descriptor non-blocking and close-on-exec, which the launcher need not have done.</summary>
    public static IoResult MakeNonBlocking(SocketFd socket)
    {
        IoResult flags = LibC.Result(LibC.fcntl(socket.Number, GetStatusFlags, 0));
        if (!flags.IsOk)
        {
            return flags;
        }

        IoResult set = LibC.Result(LibC.fcntl(socket.Number, SetStatusFlags, flags.Value | StatusNonBlock));
        return set.IsOk ? LibC.Result(LibC.fcntl(socket.Number, SetDescriptorFlags, DescriptorCloseOnExec)) : set;
    }

    internal static IoResult Receive(int fd, byte* destination, int length)
    {
        IoResult result;
        do
        {
            result = LibC.Result(LibC.recv(fd, destination, (nuint)length, 0));
        }
        while (result.Errno == Errno.EINTR);
        return result;
    }

    internal static IoResult Send(int fd, byte* bytes, int length)
    {
        IoResult result;
        do
        {
            result = LibC.Result(LibC.send(fd, bytes, (nuint)length, MsgNoSignal));
        }
        while (result.Errno == Errno.EINTR);
        return result;
    }

    private static int Family(in IpEndpoint peer) => peer.IsIPv6 ? FamilyIPv6 : FamilyIPv4;

    private static bool TryWriteUnixAddress(Span<byte> destination, string path, out int length)
    {
        destination.Clear();
        BitConverter.TryWriteBytes(destination, (ushort)FamilyUnix);
        // The last byte stays zero: sun_path ends with NUL.
        bool fits = Encoding.UTF8.TryGetBytes(path, destination[2..^1], out int bytes);
        length = 2 + bytes + 1;
        return fits;
    }
}
