namespace Weft.Policy.Trace;

/// <summary>
/// Listens to a decision. Decisions are generic over it with a struct, and ask <see cref="IsRecording"/> before they build a step:
/// with <see cref="NoTrace"/> the compiler removes all of it.
/// </summary>
public interface IDecisionTrace
{
    static abstract bool IsRecording { get; }

    void Record(TraceStep step);
}
