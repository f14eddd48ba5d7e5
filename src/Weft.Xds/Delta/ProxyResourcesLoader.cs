using System;
using System.Collections.Generic;
using Weft.Policy.Snapshot;
using Weft.Xds.Wire;

namespace Weft.Xds.Delta;

/// <summary>Builds the snapshot of a proxy from weft.v1.ProxyResources, which is exactly what that proxy would be sent: for explain, test and plan.</summary>
public static class ProxyResourcesLoader
{
    /// <summary>
    /// Publishes into <paramref name="store"/> and returns every problem, one a line; an empty list means that a proxy would enforce all of it.
    /// </summary>
    public static IReadOnlyList<string> Load(ReadOnlySpan<byte> proxyResources, SnapshotStore store)
    {
        var problems = new List<string>();
        using var assembler = new SnapshotAssembler(store);
        var reader = new WireReader(proxyResources);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 2) continue;
            var outcome = assembler.Apply(field.Bytes);
            if (outcome.IsMalformed) problems.Add("a response is malformed");
            else if (outcome.Error.Length > 0) problems.AddRange(outcome.Error.Split('\n'));
        }

        if (reader.IsMalformed) problems.Add("these bytes are not a weft.v1.ProxyResources");
        return problems;
    }
}
