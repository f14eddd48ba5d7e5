using Weft.Config;

namespace Weft.Store;

/// <summary>What happened to an object; Kubernetes' words.</summary>
public enum WatchEventType : byte
{
    Added,
    Modified,
    Deleted,

    /// <summary>Nothing happened; the watcher has seen everything up to the revision.</summary>
    Bookmark,
}

/// <summary>One event of a watch. Immutable.</summary>
/// <param name="Type">What happened.</param>
/// <param name="Object">The object after the change (for Deleted: its last state with the revision of the deletion); null for a bookmark.</param>
/// <param name="Revision">The store's revision of the change.</param>
public sealed record WatchEvent(WatchEventType Type, Resource? Object, long Revision)
{
    /// <summary>The object before the change: what tells a filter that an object has just come into or gone out of its view.</summary>
    internal Resource? Previous { get; init; }
}
