using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>Makes the socket of an outbound connection as its options ask and starts to connect.</summary>
internal static class OutboundSocket
{
    /// <summary>A socket that is being connected, or why there is none.</summary>
    /// <param name="options">Where to, and how.</param>
    /// <param name="socket">The socket, to be closed by the caller also after an error; None when there is none.</param>
    public static LinkFault Connect(in ConnectOptions options, out SocketFd socket)
    {
        IoResult made = Sockets.OpenStream(options.Destination);
        if (!made.IsOk)
        {
            socket = SocketFd.None;
            return new LinkFault(CloseReason.LocalSocketFailed, made.Errno);
        }

        socket = new SocketFd(made.Value);
        IoResult prepared = Prepare(socket, options);
        if (!prepared.IsOk)
        {
            return new LinkFault(CloseReason.LocalSocketFailed, prepared.Errno);
        }

        IoResult connecting = Sockets.Connect(socket, options.Destination);
        return connecting.IsOk || connecting.Errno == Errno.EINPROGRESS ? default : new LinkFault(CloseReason.ConnectFailed, connecting.Errno);
    }

    private static IoResult Prepare(SocketFd socket, in ConnectOptions options)
    {
        IoResult result = SocketOptions.NoDelay(socket);
        if (result.IsOk && options.Mark != 0)
        {
            result = SocketOptions.Mark(socket, options.Mark);
        }

        if (result.IsOk && !options.Source.IsNone)
        {
            // Best effort: it only saves ports.
            _ = SocketOptions.BindAddressNoPort(socket);
            result = Sockets.Bind(socket, options.Source);
        }

        return result;
    }
}
