using System;
using System.Runtime.ExceptionServices;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace Weft.Native.Namespaces;

/// <summary>
/// Runs a piece of work on a thread of its own that may enter or make namespaces, and lets the thread die with it: a pool
/// thread that once left the machine's network would carry its next work item there. The work is synchronous and must not
/// start tasks (the pool may create a worker on the calling thread, in the wrong namespace).
/// </summary>
public static class NamespaceThread
{
    /// <summary>Runs <paramref name="work"/> in the network namespace that <paramref name="network"/> holds, and waits for it.</summary>
    public static T RunIn<T>(SafeFileHandle network, Func<T> work) => Run(() =>
    {
        ThreadNamespaces.Enter(network, NamespaceKinds.Network);
        return work();
    });

    /// <summary>Runs <paramref name="work"/> on a thread that is not used again, and waits for it; its exceptions come back here.</summary>
    public static T Run<T>(Func<T> work)
    {
        T result = default!;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                result = work();
            }
            catch (Exception exception)
            {
                failure = ExceptionDispatchInfo.Capture(exception);
            }
        })
        { IsBackground = true, Name = "weft-namespace" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result;
    }
}
