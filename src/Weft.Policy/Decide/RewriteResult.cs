namespace Weft.Policy.Decide;

/// <summary>What a rewrite did.</summary>
public enum RewriteResult
{
    /// <summary>Forward the path as it is; nothing was written.</summary>
    Unchanged,

    /// <summary>The new path is in the destination.</summary>
    Rewritten,

    /// <summary>It does not fit the destination: 500, the configuration makes paths longer than our limit.</summary>
    TooLong,
}
