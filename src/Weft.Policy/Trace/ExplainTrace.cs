using System.Collections.Generic;

namespace Weft.Policy.Trace;

/// <summary>Keeps every step in order: what <c>weft explain</c> prints. Allocates; off the hot path only.</summary>
public readonly struct ExplainTrace : IDecisionTrace
{
    private readonly List<TraceStep> _steps = [];

    public ExplainTrace()
    {
    }

    public static bool IsRecording => true;

    public IReadOnlyList<TraceStep> Steps => _steps;

    public void Record(TraceStep step) => _steps.Add(step);
}
