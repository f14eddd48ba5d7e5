using System;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Weft.Native.Linux;

namespace Weft.Reactor.Tests;

/// <summary>One running loop (or several) with a listener on loopback, and plain sockets as peers that know nothing of us.</summary>
internal sealed class Mesh : IDisposable
{
    private readonly LoopGroup _group;

    public Mesh(IAcceptHandler? handler = null, LinkLimits? limits = null, int loops = 1, Func<LoopOptions, LoopOptions>? configure = null)
    {
        _group = new LoopGroup(loops, _ =>
        {
            LoopOptions options = new() { Limits = limits ?? new LinkLimits(), Log = Log };
            return configure?.Invoke(options) ?? options;
        });
        _group.Start();
        if (handler is not null)
        {
            Door = ListeningSocket.Bind(IpEndpoint.IPv4(0x7F000001, 0));
            _group.Listen(Door, handler);
        }
    }

    public RecordingLog Log { get; } = new();

    public ListeningSocket? Door { get; }

    public IpEndpoint Address => Door!.LocalAddress;

    public Loop Loop => _group.Loops[0];

    public LoopGroup Group => _group;

    /// <summary>Runs on the loop and waits for the result.</summary>
    public T On<T>(Func<Loop, T> function)
    {
        T result = default!;
        Exception? failure = null;
        using ManualResetEventSlim done = new();
        Loop.Post(loop =>
        {
            try
            {
                result = function(loop);
            }
            catch (Exception exception)
            {
                failure = exception;
            }

            done.Set();
        });
        Assert.True(done.Wait(TimeSpan.FromSeconds(10)), "the loop did not answer");
        return failure is null ? result : throw failure;
    }

    public void Do(Action<Loop> action) => On(loop =>
    {
        action(loop);
        return true;
    });

    /// <summary>A blocking peer with deadlines, connected to the door.</summary>
    public Socket Dial(int receiveBuffer = 0)
    {
        Socket socket = NewPeer();
        if (receiveBuffer > 0)
        {
            socket.ReceiveBufferSize = receiveBuffer;
        }

        socket.Connect(new IPEndPoint(IPAddress.Loopback, Address.Port));
        return socket;
    }

    public static Socket NewPeer() => new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = 10_000,
        SendTimeout = 10_000,
    };

    /// <summary>A listening peer of the test's own.</summary>
    public static Socket NewServer(out IpEndpoint address)
    {
        Socket server = NewPeer();
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        server.Listen();
        address = IpEndpoint.IPv4(0x7F000001, ((IPEndPoint)server.LocalEndPoint!).Port);
        return server;
    }

    public void Dispose()
    {
        _group.Dispose();
        Door?.Dispose();
    }
}

internal sealed class RecordingLog : IReactorLog
{
    public int HandlerFailures { get; private set; }

    public int Stalls { get; private set; }

    public void HandlerFailed(int loop, ulong linkId, Exception exception) => HandlerFailures++;

    public void AcceptStalled(int loop, Errno errno) => Stalls++;
}

internal static class SocketExtensions
{
    /// <summary>Reads exactly so many bytes, or fails the test when the peer ends first.</summary>
    public static byte[] ReceiveExactly(this Socket socket, int count)
    {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;)
        {
            int received = socket.Receive(bytes, at, count - at, SocketFlags.None);
            Assert.True(received > 0, "the connection ended " + (count - at) + " bytes early");
            at += received;
        }

        return bytes;
    }

    /// <summary>Reads to the end of the stream and counts.</summary>
    public static long ReceiveToEnd(this Socket socket)
    {
        byte[] buffer = new byte[64 * 1024];
        long total = 0;
        for (int count; (count = socket.Receive(buffer)) > 0;)
        {
            total += count;
        }

        return total;
    }
}
