using System;
using Weft.Native.Linux;

namespace Weft.Reactor;

/// <summary>One line per report on standard error: what a loop uses when it is given nothing better.</summary>
internal sealed class StandardErrorLog : IReactorLog
{
    public static readonly StandardErrorLog Instance = new();

    public void HandlerFailed(int loop, ulong linkId, Exception exception) =>
        Console.Error.WriteLine("error: loop " + loop + " link " + linkId + ": handler failed, link closed: " + exception);

    public void AcceptStalled(int loop, Errno errno) =>
        Console.Error.WriteLine("warning: loop " + loop + ": accepting paused: " + errno.Describe() + "; raise the limit of open files (ulimit -n)");
}
