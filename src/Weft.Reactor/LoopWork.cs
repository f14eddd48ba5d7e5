using Weft.Buffers;

namespace Weft.Reactor;

/// <summary>A message to a loop. Reusable: an object may be posted again once it has run.</summary>
public abstract class LoopWork : MpscNode
{
    /// <summary>Runs on the loop's thread. A throw is counted and logged, like a handler's.</summary>
    public abstract void Run(Loop loop);
}
