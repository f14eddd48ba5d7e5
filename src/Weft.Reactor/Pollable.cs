using Weft.Buffers;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>Something with a descriptor in a loop's epoll set.</summary>
public abstract class Pollable
{
    /// <summary>Names this use of the slot; the kernel hands it back with each event.</summary>
    public SlotToken Token { get; internal set; }

    /// <summary>Marks readiness only. Work waits for its place in the turn.</summary>
    internal abstract void OnEvents(EpollEvents events);
}
