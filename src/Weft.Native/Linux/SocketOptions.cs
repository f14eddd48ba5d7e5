using System;

namespace Weft.Native.Linux;

/// <summary>Socket options, errors as values. Names and numbers: socket(7), tcp(7), ip(7), ipv6(7), linux/netfilter_ipv4.h.</summary>
public static unsafe class SocketOptions
{
    private const int LevelSocket = 1;
    private const int LevelIPv4 = 0;
    private const int LevelTcp = 6;
    private const int LevelIPv6 = 41;
    private const int ReuseAddressOption = 2;
    private const int ErrorOption = 4;
    private const int SendBufferOption = 7;
    private const int ReceiveBufferOption = 8;
    private const int KeepAliveOption = 9;
    private const int LingerOption = 13;
    private const int MarkOption = 36;
    private const int BindAddressNoPortOption = 24;
    private const int TransparentOption = 19;
    private const int OriginalDestinationOption = 80;
    private const int V6OnlyOption = 26;
    private const int NoDelayOption = 1;
    private const int KeepIdleOption = 4;
    private const int KeepIntervalOption = 5;
    private const int UserTimeoutOption = 18;

    /// <summary>Lets a listener bind while old connections of its port are in TIME_WAIT.</summary>
    public static IoResult ReuseAddress(SocketFd socket) => Set(socket, LevelSocket, ReuseAddressOption, 1);

    /// <summary>An IPv6 listener that leaves IPv4 to another socket.</summary>
    public static IoResult V6Only(SocketFd socket) => Set(socket, LevelIPv6, V6OnlyOption, 1);

    /// <summary>Sends small segments at once. Set on a listener, accepted sockets have it too.</summary>
    public static IoResult NoDelay(SocketFd socket) => Set(socket, LevelTcp, NoDelayOption, 1);

    /// <summary>Marks every packet, so that the redirection rules let our own traffic pass. Needs CAP_NET_ADMIN (or CAP_NET_RAW since 5.17).</summary>
    public static IoResult Mark(SocketFd socket, uint mark) => Set(socket, LevelSocket, MarkOption, (int)mark);

    /// <summary>Reads the mark back.</summary>
    public static IoResult GetMark(SocketFd socket) => Get(socket, LevelSocket, MarkOption);

    /// <summary>Bind with port 0 takes the port at connect, by the full four-tuple: many more connections from one source address.</summary>
    public static IoResult BindAddressNoPort(SocketFd socket) => Set(socket, LevelIPv4, BindAddressNoPortOption, 1);

    /// <summary>Lets the socket bind to addresses that are not ours (TPROXY).</summary>
    public static IoResult Transparent(SocketFd socket) => Set(socket, LevelIPv4, TransparentOption, 1);

    /// <summary>Kernel send buffer; the kernel doubles the number.</summary>
    public static IoResult SendBuffer(SocketFd socket, int bytes) => Set(socket, LevelSocket, SendBufferOption, bytes);

    /// <summary>Kernel receive buffer; the kernel doubles the number.</summary>
    public static IoResult ReceiveBuffer(SocketFd socket, int bytes) => Set(socket, LevelSocket, ReceiveBufferOption, bytes);

    /// <summary>Finds out that a silent peer is gone.</summary>
    public static IoResult KeepAlive(SocketFd socket, int idleSeconds, int intervalSeconds)
    {
        IoResult on = Set(socket, LevelSocket, KeepAliveOption, 1);
        if (!on.IsOk)
        {
            return on;
        }

        IoResult idle = Set(socket, LevelTcp, KeepIdleOption, idleSeconds);
        return idle.IsOk ? Set(socket, LevelTcp, KeepIntervalOption, intervalSeconds) : idle;
    }

    /// <summary>Gives up on a peer that acknowledges nothing for so long.</summary>
    public static IoResult UserTimeout(SocketFd socket, int milliseconds) => Set(socket, LevelTcp, UserTimeoutOption, milliseconds);

    /// <summary>Makes close send RST instead of FIN and forget what is unsent.</summary>
    public static IoResult ResetOnClose(SocketFd socket)
    {
        // struct linger { int onoff = 1; int linger = 0; }
        long linger = 1;
        return LibC.Result(LibC.setsockopt(socket.Number, LevelSocket, LingerOption, &linger, sizeof(long)));
    }

    /// <summary>Takes the socket's pending error, such as the outcome of connect: <see cref="Errno.None"/> when all is well.</summary>
    public static Errno TakeError(SocketFd socket)
    {
        IoResult pending = Get(socket, LevelSocket, ErrorOption);
        return pending.IsOk ? (Errno)pending.Value : pending.Errno;
    }

    /// <summary>Where the client wanted to go before REDIRECT sent it to us. False when the connection was not redirected (ENOENT, ENOPROTOOPT).</summary>
    public static bool TryGetOriginalDestination(SocketFd socket, bool isIPv6, out IpEndpoint destination)
    {
        Span<byte> address = stackalloc byte[IpEndpoint.SocketAddressSize];
        uint length = (uint)address.Length;
        fixed (byte* start = address)
        {
            // IP6T_SO_ORIGINAL_DST has the same number as SO_ORIGINAL_DST.
            int level = isIPv6 ? LevelIPv6 : LevelIPv4;
            if (LibC.getsockopt(socket.Number, level, OriginalDestinationOption, start, &length) < 0)
            {
                destination = default;
                return false;
            }
        }

        destination = IpEndpoint.FromSocketAddress(address[..(int)Math.Min(length, (uint)address.Length)]);
        return !destination.IsNone;
    }

    private static IoResult Set(SocketFd socket, int level, int option, int value) =>
        LibC.Result(LibC.setsockopt(socket.Number, level, option, &value, sizeof(int)));

    private static IoResult Get(SocketFd socket, int level, int option)
    {
        int value = 0;
        uint length = sizeof(int);
        IoResult result = LibC.Result(LibC.getsockopt(socket.Number, level, option, &value, &length));
        return result.IsOk ? new IoResult(value) : result;
    }
}
