using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>
/// One loop's share in a <see cref="ListeningSocket"/>: level-triggered with EPOLLEXCLUSIVE, so that a connection wakes one loop and what a turn leaves
/// is reported again. Loop thread only.
/// </summary>
public sealed class Listener : Pollable, ITimerTarget
{
    // How long accepting pauses when descriptors are used up: short against a client's connect timeout, long against a busy spin.
    private const int StallMilliseconds = 100;

    private readonly Loop _loop;
    private readonly ListeningSocket _socket;
    private readonly IAcceptHandler _handler;
    private bool _stopped;
    private long _lastReport = long.MinValue / 2;

    internal Listener(Loop loop, ListeningSocket socket, IAcceptHandler handler)
    {
        _loop = loop;
        _socket = socket;
        _handler = handler;
    }

    /// <summary>The socket it accepts from.</summary>
    public ListeningSocket Socket => _socket;

    internal bool IsMarked { get; set; }

    /// <summary>Stops accepting on this loop; other loops and the backlog go on.</summary>
    public void Stop()
    {
        if (!_stopped)
        {
            _stopped = true;
            _loop.Forget(this, _socket.Socket.Number);
        }
    }

    void ITimerTarget.OnTimer(int kind)
    {
        if (!_stopped)
        {
            Register();
        }
    }

    internal IoResult Register() => _loop.Poll(_socket.Socket.Number, EpollEvents.In | EpollEvents.Exclusive, this);

    internal override void OnEvents(EpollEvents events) => _loop.MarkAcceptable(this);

    /// <summary>Accepts up to the turn's budget.</summary>
    internal void AcceptSome(int budget)
    {
        for (; budget > 0 && !_stopped; budget--)
        {
            IoResult accepted = Sockets.Accept(_socket.Socket, out IpEndpoint peer);
            if (accepted.IsOk)
            {
                _loop.Place(new SocketFd(accepted.Value), peer, _handler);
                continue;
            }

            switch (accepted.Errno)
            {
                // These concern the one connection that died in the backlog (accept(2), "error handling"): take the next.
                case Errno.ECONNABORTED:
                case Errno.EPERM:
                case Errno.ENETUNREACH:
                case Errno.EHOSTUNREACH:
                    continue;
                case Errno.EMFILE:
                case Errno.ENFILE:
                case Errno.ENOBUFS:
                case Errno.ENOMEM:
                    Stall(accepted.Errno);
                    return;
                default:
                    return;
            }
        }
    }

    // The socket stays readable, so level-triggered polling would spin: leave the set for a moment. Connections wait in the backlog.
    private void Stall(Errno errno)
    {
        _loop.Counters.AcceptStalls++;
        _loop.Forget(this, _socket.Socket.Number);
        _loop.Timers.Schedule(StallMilliseconds, this, 0);
        if (_loop.NowMilliseconds - _lastReport >= 1000)
        {
            _lastReport = _loop.NowMilliseconds;
            _loop.Log.AcceptStalled(_loop.Index, errno);
        }
    }
}
