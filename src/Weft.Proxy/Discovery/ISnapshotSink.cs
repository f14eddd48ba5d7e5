using Weft.Policy.Snapshot;

namespace Weft.Proxy.Discovery;

/// <summary>Is told of every publish.</summary>
public interface ISnapshotSink
{
    /// <summary>
    /// The store's current snapshot is now this one; read its blocks through a reader only. Called on a discovery thread, never on a loop; must
    /// not block and must not throw.
    /// </summary>
    void OnSnapshot(MeshSnapshot snapshot);
}
