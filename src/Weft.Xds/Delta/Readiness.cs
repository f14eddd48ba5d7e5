using System.Collections.Generic;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;

namespace Weft.Xds.Delta;

/// <summary>Decides which staged changes may come into force: those whose every need is in force or comes into force with them. Pure.</summary>
internal static class Readiness
{
    public static List<(BlockKind Kind, string Name)> Select(
        Dictionary<(BlockKind Kind, string Name), StagedResource> staged, MeshSnapshot snapshot)
    {
        var waiting = new HashSet<(BlockKind Kind, string Name)>();
        foreach (var name in StillNeeded(staged, snapshot)) waiting.Add((BlockKind.EndpointSet, name));
        foreach (var (key, resource) in staged)
        {
            if (IsMissing(resource, staged, waiting, snapshot)) waiting.Add(key);
        }

        // What names something that waits must wait too; each round adds at least one, so this ends.
        bool hasGrown;
        do
        {
            hasGrown = false;
            foreach (var (key, resource) in staged)
            {
                if (!waiting.Contains(key) && NamesWaiting(resource, waiting, snapshot)) hasGrown |= waiting.Add(key);
            }
        }
        while (hasGrown);

        var ready = new List<(BlockKind, string)>(staged.Count - waiting.Count);
        foreach (var key in staged.Keys)
        {
            if (!waiting.Contains(key)) ready.Add(key);
        }

        return ready;
    }

    /// <summary>
    /// A route to a cluster that nobody has is answered (503 NC), as Envoy does with validate_clusters false; everything else that is named must exist.
    /// </summary>
    private static bool IsMissing(
        StagedResource resource,
        Dictionary<(BlockKind Kind, string Name), StagedResource> staged,
        HashSet<(BlockKind Kind, string Name)> waiting,
        MeshSnapshot snapshot)
    {
        foreach (var reference in resource.References)
        {
            if (reference.Kind == BlockKind.Cluster) continue;
            var key = (reference.Kind, reference.Name);
            // A removal that waits removes nothing yet.
            var isChanging = staged.TryGetValue(key, out var change) && !(change.Image is null && waiting.Contains(key));
            if (isChanging ? change!.Image is null : !Exists(reference, snapshot)) return true;
        }

        return false;
    }

    private static bool NamesWaiting(StagedResource resource, HashSet<(BlockKind Kind, string Name)> waiting, MeshSnapshot snapshot)
    {
        foreach (var reference in resource.References)
        {
            // An older version of what waits is in force: good enough.
            if (waiting.Contains((reference.Kind, reference.Name)) && !Exists(reference, snapshot)) return true;
        }

        return false;
    }

    /// <summary>
    /// Endpoint sets to be removed that a remaining cluster uses: only their being sent empty empties them (design section 5).
    /// </summary>
    private static HashSet<string> StillNeeded(Dictionary<(BlockKind Kind, string Name), StagedResource> staged, MeshSnapshot snapshot)
    {
        var removed = new HashSet<string>(System.StringComparer.Ordinal);
        foreach (var (key, resource) in staged)
        {
            if (key.Kind == BlockKind.EndpointSet && resource.Image is null) removed.Add(key.Name);
        }

        var needed = new HashSet<string>(System.StringComparer.Ordinal);
        if (removed.Count == 0) return needed;
        for (var slot = 0; slot < snapshot.Slots(BlockKind.Cluster); slot++)
        {
            var cluster = new ClusterView(snapshot.Block(BlockKind.Cluster, slot));
            if (cluster.IsEmpty || cluster.Root.EndpointSet.IsEmpty) continue;
            var name = cluster.Block.String(cluster.Root.EndpointSet);
            if (!removed.Contains(name)) continue;
            var isGoing = staged.TryGetValue((BlockKind.Cluster, Encoding.UTF8.GetString(cluster.Name)), out var change) && change.Image is null;
            if (!isGoing) needed.Add(name);
        }

        return needed;
    }

    private static bool Exists(in ResourceReference reference, MeshSnapshot snapshot) =>
        !snapshot.Find(reference.Kind, Encoding.UTF8.GetBytes(reference.Name)).IsNone;
}
