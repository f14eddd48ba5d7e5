using System.Collections.Generic;
using System.Threading;

namespace Weft.Proxy.Decisions;

/// <summary>The rings of all loops.</summary>
internal sealed class DecisionLog
{
    private readonly Lock _gate = new();
    private DecisionRing[] _rings = [];

    public IReadOnlyList<DecisionRing> Rings => Volatile.Read(ref _rings);

    public DecisionRing Add()
    {
        var ring = new DecisionRing();
        lock (_gate) Volatile.Write(ref _rings, [.. _rings, ring]);
        return ring;
    }
}
