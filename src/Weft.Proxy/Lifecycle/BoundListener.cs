using System.Collections.Generic;
using Weft.Reactor;

namespace Weft.Proxy.Lifecycle;

/// <summary>A socket that the loops accept from, and for which listener of the configuration it stands.</summary>
internal sealed class BoundListener(ListeningSocket socket, bool isInherited)
{
    private IReadOnlyList<Listener> _listeners = [];

    public ListeningSocket Socket { get; } = socket;

    /// <summary>Handed over by the launcher: it outlives us, and connections wait in its backlog for our successor.</summary>
    public bool IsInherited { get; } = isInherited;
    public bool IsAccepting => _listeners.Count > 0;

    /// <summary>Begins to accept on every loop. Not from a loop.</summary>
    public void Accept(LoopGroup loops, IAcceptHandler handler)
    {
        if (!IsAccepting) _listeners = loops.Listen(Socket, handler);
    }

    /// <summary>Stops accepting; what was accepted lives on. Not from a loop.</summary>
    public void Stop(LoopGroup loops)
    {
        var listeners = _listeners;
        _listeners = [];
        if (listeners.Count > 0) loops.RunOnEach(loop => listeners[loop.Index].Stop());
    }
}
