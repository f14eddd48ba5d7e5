using System;
using System.ComponentModel;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>A UDP socket on a loop: small datagrams in, small datagrams out (DNS). What the kernel does not take at once is lost, as UDP may.</summary>
public sealed class DatagramLink : Pollable
{
    // Per turn, so that a flood of datagrams leaves the loop to others too.
    private const int DatagramsPerTurn = 64;

    private readonly Loop _loop;
    private readonly IDatagramHandler _handler;
    private SocketFd _socket;

    internal DatagramLink(Loop loop, SocketFd socket, IDatagramHandler handler)
    {
        _loop = loop;
        _socket = socket;
        _handler = handler;
        LocalAddress = Sockets.LocalAddress(socket);
    }

    /// <summary>Where it receives.</summary>
    public IpEndpoint LocalAddress { get; }

    /// <summary>Opens a socket bound to <paramref name="local"/> and marked; hand it to <see cref="Loop.AddDatagram"/>.</summary>
    /// <exception cref="Win32Exception">The kernel refuses.</exception>
    public static SocketFd Open(in IpEndpoint local, uint mark = 0)
    {
        IoResult made = Sockets.OpenDatagram(local);
        if (!made.IsOk)
        {
            throw new Win32Exception((int)made.Errno);
        }

        SocketFd socket = new(made.Value);
        IoResult result = mark == 0 ? made : SocketOptions.Mark(socket, mark);
        result = result.IsOk ? Sockets.Bind(socket, local) : result;
        if (!result.IsOk)
        {
            Sockets.Close(socket);
            throw new Win32Exception((int)result.Errno, "UDP " + local + ": " + result.Errno.Describe());
        }

        return socket;
    }

    /// <summary>Sends one datagram; an error means it is lost.</summary>
    public IoResult Send(ReadOnlySpan<byte> datagram, in IpEndpoint receiver) => Sockets.SendTo(_socket, datagram, receiver);

    /// <summary>Closes the socket.</summary>
    public void Close()
    {
        if (_socket.IsOpen)
        {
            _loop.Forget(this, _socket.Number);
            Sockets.Close(_socket);
            _socket = SocketFd.None;
        }
    }

    // Level-triggered: what the budget leaves is reported again.
    internal IoResult Register() => _loop.Poll(_socket.Number, EpollEvents.In, this);

    internal override void OnEvents(EpollEvents events)
    {
        for (int budget = DatagramsPerTurn; budget > 0 && _socket.IsOpen; budget--)
        {
            IoResult received = Sockets.ReceiveFrom(_socket, _loop.Scratch, out IpEndpoint sender);
            if (!received.IsOk)
            {
                return;
            }

            _handler.OnDatagram(this, _loop.Scratch.AsSpan(0, received.Count), sender);
        }
    }
}
