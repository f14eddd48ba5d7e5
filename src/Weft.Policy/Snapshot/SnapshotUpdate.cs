using System.Collections.Generic;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>What one push changes. Collect, then <see cref="SnapshotStore.Publish"/>; a later entry for the same name wins.</summary>
public sealed class SnapshotUpdate
{
    private readonly List<(BlockKind Kind, string Name, BlockImage? Image)> _changes = [];

    public int Count => _changes.Count;

    /// <summary>What keys the draws from now on (<c>filter_metadata["weft.dev"].mesh_key</c>); null leaves it, or derives it from the trust bundle.</summary>
    public MeshKey? MeshKey { get; set; }

    internal IReadOnlyList<(BlockKind Kind, string Name, BlockImage? Image)> Changes => _changes;

    public void Put(BlockImage image) => _changes.Add((image.Kind, image.Name, image));

    public void Remove(BlockKind kind, string name) => _changes.Add((kind, name, null));
}
