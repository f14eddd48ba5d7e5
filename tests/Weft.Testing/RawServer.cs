using System;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace Weft.Testing;

/// <summary>A listening socket on a port of the kernel's choice whose connections are <see cref="RawPeer"/>s: an upstream that answers what it likes.</summary>
public sealed class RawServer : IDisposable
{
    private readonly Socket _listening;

    public RawServer(int backlog = 64)
    {
        _listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listening.Listen(backlog);
    }

    public IPEndPoint Address => (IPEndPoint)_listening.LocalEndPoint!;
    public int Port => Address.Port;

    /// <summary>The next connection; fails after <see cref="RawPeer.Deadline"/>.</summary>
    public RawPeer Accept()
    {
        if (!_listening.Poll(RawPeer.Deadline, SelectMode.SelectRead)) throw new TimeoutException("nobody connected");
        return new RawPeer(_listening.Accept());
    }

    /// <summary>True if nobody connects within <paramref name="wait"/>.</summary>
    public bool IsUntouched(TimeSpan wait) => !_listening.Poll(wait, SelectMode.SelectRead);

    /// <summary>Serves connections one after another, in the background, until disposed.</summary>
    public Task ServeAsync(Action<RawPeer> serve) => Task.Factory.StartNew(
        () =>
        {
            while (true)
            {
                Socket socket;
                try
                {
                    socket = _listening.Accept();
                }
                catch (Exception error) when (error is SocketException or ObjectDisposedException)
                {
                    return;
                }
                Task.Factory.StartNew(
                    () =>
                    {
                        using var peer = new RawPeer(socket);
                        try
                        {
                            serve(peer);
                        }
                        catch (Exception error) when (error is System.IO.IOException or SocketException or ObjectDisposedException)
                        {
                            // The other side went away: the end of a connection, not of the test.
                        }
                    },
                    default,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default);
            }
        },
        default,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public void Dispose() => _listening.Dispose();
}
