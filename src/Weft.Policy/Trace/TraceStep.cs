using System.Collections.Generic;

namespace Weft.Policy.Trace;

/// <summary>One thing a decision looked at.</summary>
/// <param name="Stage">Which decision.</param>
/// <param name="Verdict">Taken, or why not.</param>
/// <param name="Subject">The thing, by its name in the configuration (<c>route 1 'canary'</c>).</param>
/// <param name="Detail">The reason, in words (<c>header x-canary is absent, wanted exact '1'</c>).</param>
/// <param name="Origins">Who asked for the thing.</param>
public sealed record TraceStep(DecisionStage Stage, TraceVerdict Verdict, string Subject, string Detail, IReadOnlyList<Origin> Origins)
{
    public override string ToString() => $"{Stage} {Verdict}: {Subject}{(Detail.Length == 0 ? "" : ": " + Detail)}";
}
