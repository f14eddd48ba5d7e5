namespace Weft.Policy.Trace;

/// <summary>The hot path's trace: nobody asks, nothing is built.</summary>
public struct NoTrace : IDecisionTrace
{
    public static bool IsRecording => false;

    public readonly void Record(TraceStep step)
    {
    }
}
