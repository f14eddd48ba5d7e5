using System;
using System.Collections.Generic;

namespace Weft.Proxy.Workers;

/// <summary>
/// Objects of one loop that serve one connection or request after another, so that the steady state allocates nothing.
/// <c>Rent/Return</c> in pairs; at most <paramref name="keep"/> are kept. Loop thread only.
/// </summary>
internal sealed class FlowPool<T>(Func<T> make, int keep = 1024)
    where T : class
{
    private readonly Stack<T> _free = new(16);

    /// <summary>Objects that somebody holds now.</summary>
    public int InUse { get; private set; }

    public T Rent()
    {
        InUse++;
        return _free.TryPop(out var item) ? item : make();
    }

    public void Return(T item)
    {
        InUse--;
        if (_free.Count < keep) _free.Push(item);
    }
}
