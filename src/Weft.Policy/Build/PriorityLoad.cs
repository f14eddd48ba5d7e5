using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Envoy's arithmetic of which priority gets how much (xds.md C.5), over health as EDS tells it; there is no panic mode here.</summary>
internal static class PriorityLoad
{
    /// <param name="sorted">By priority, ready ones first within each.</param>
    /// <param name="isReady">Whether an endpoint may be picked.</param>
    /// <param name="overprovisioningFactor">Percent.</param>
    public static List<PriorityRecord> Compute(List<EndpointConfig> sorted, Predicate<EndpointConfig> isReady, uint overprovisioningFactor)
    {
        var priorities = new List<PriorityRecord>();
        for (int i = 0; i < sorted.Count; i++)
        {
            if (i == 0 || sorted[i].Priority != sorted[i - 1].Priority)
                priorities.Add(new PriorityRecord { Start = i, IsUniform = 1 });
            PriorityRecord p = priorities[^1];
            p.Total++;
            if (isReady(sorted[i]))
            {
                p.Ready++;
                p.ReadyWeight += sorted[i].Weight;
                p.IsUniform &= sorted[i].Weight == sorted[p.Start].Weight ? 1 : 0;
            }

            priorities[^1] = p;
        }

        Share(priorities, overprovisioningFactor);
        return priorities;
    }

    private static void Share(List<PriorityRecord> priorities, uint factor)
    {
        var health = new long[priorities.Count];
        long sum = 0;
        for (int i = 0; i < priorities.Count; i++)
        {
            health[i] = Math.Min(100, factor * (long)priorities[i].Ready / priorities[i].Total);
            sum += health[i];
        }

        long norm = Math.Min(100, sum);
        if (norm == 0)
            return;
        long left = 100;
        for (int i = 0; i < priorities.Count; i++)
        {
            PriorityRecord p = priorities[i];
            p.LoadPercent = (int)Math.Min(left, health[i] * 100 / norm);
            left -= p.LoadPercent;
            priorities[i] = p;
        }

        // What integer division left over goes to the first priority that has any health.
        int first = Array.FindIndex(health, h => h > 0);
        PriorityRecord rest = priorities[first];
        rest.LoadPercent += (int)left;
        priorities[first] = rest;
    }
}
