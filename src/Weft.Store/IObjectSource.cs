using System.Collections.Generic;
using System.Threading;
using Weft.Config;

namespace Weft.Store;

/// <summary>Where <c>weftd</c> gets objects from: an API server (Weft.Kubernetes), or a store in the same process (tests).</summary>
public interface IObjectSource
{
    /// <summary>
    /// Batches of changes until cancelled. Before the first batch with <see cref="ObjectBatch.IsSynced"/> the picture is incomplete: an absent object means
    /// nothing yet. Reconnects by itself; never ends on its own. Single reader.
    /// </summary>
    IAsyncEnumerable<ObjectBatch> ReadAllAsync(CancellationToken cancellation);
}

/// <summary>What changed since the batch before. Immutable.</summary>
/// <param name="Changes">At most one per object, in the order they happened; may be empty when only the revision or the sync state moved.</param>
/// <param name="IsSynced">Every kind has been listed completely at least once.</param>
/// <param name="Revision">Everything up to this revision of the source is in (the smallest over all kinds); 0 when the source's versions are opaque.</param>
public sealed record ObjectBatch(IReadOnlyList<ObjectChange> Changes, bool IsSynced, long Revision);

/// <summary>One object's new state.</summary>
/// <param name="Key">Which object.</param>
/// <param name="Result">The object with its diagnostics, refused or not; null when it was deleted.</param>
public readonly record struct ObjectChange(ObjectKey Key, ReadResult? Result);
