using System;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>What the engine has to say. Called on loop threads, rarely; an implementation hands the line on and returns.</summary>
public interface IReactorLog
{
    /// <summary>Code above the engine threw while it handled a link; that link has been closed.</summary>
    void HandlerFailed(int loop, ulong linkId, Exception exception);

    /// <summary>Accepting stopped for a moment: descriptors or memory are used up. At most once a second per listener.</summary>
    void AcceptStalled(int loop, Errno errno);
}
