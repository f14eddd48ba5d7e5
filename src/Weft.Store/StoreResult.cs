using Weft.Config;

namespace Weft.Store;

/// <summary>What a write did.</summary>
public enum StoreOutcome : byte
{
    Created,
    Updated,

    /// <summary>The object already said exactly this: no revision, no event.</summary>
    Unchanged,
    Deleted,
    NotFound,

    /// <summary>The resourceVersion given is not the object's.</summary>
    Conflict,
}

/// <summary>The outcome of a write and the object as it is now stored.</summary>
public sealed record StoreResult(StoreOutcome Outcome, Resource? Object, long Revision);
