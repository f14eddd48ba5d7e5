namespace Weft.Policy.Trace;

/// <summary>What became of the thing a step is about.</summary>
public enum TraceVerdict
{
    /// <summary>It decides.</summary>
    Taken,

    /// <summary>A near miss: it was considered and left, for the step's reason.</summary>
    NotTaken,

    /// <summary>Nothing decides: the step says what was missing.</summary>
    Failed,

    /// <summary>Neither: a fact the decision rests on.</summary>
    Note,
}
