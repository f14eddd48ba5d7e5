using System.Collections.Generic;
using System.Text;
using Weft.Policy.Trace;

namespace Weft.CommandLine.Explain;

/// <summary>Turns what the policy engine recorded into numbered decisions: the near misses of a stage belong to the step that decides it.</summary>
internal sealed class Steps(ProvenanceTable places, List<Step> into)
{
    public void Add(string side, string pod, ExplainTrace trace)
    {
        List<NearMiss> misses = [];
        foreach (TraceStep step in trace.Steps)
        {
            if (step.Verdict == TraceVerdict.NotTaken)
            {
                misses.Add(new(step.Subject, step.Detail, places.Resolve(step.Origins)));
                continue;
            }

            into.Add(new(side, pod, Word(step.Stage.ToString()), Word(step.Verdict.ToString()), step.Subject.Length > 0 ? step.Subject : "(has no name)", step.Detail, places.Resolve(step.Origins), misses));
            misses = [];
        }

        if (misses.Count > 0 && into.Count > 0)
        {
            Step last = into[^1];
            into[^1] = last with { NearMisses = [.. last.NearMisses, .. misses] };
        }
    }

    public void Add(string side, string pod, string stage, string verdict, string outcome, string detail) => into.Add(new(side, pod, stage, verdict, outcome, detail, [], []));

    /// <summary>FilterChain → filter_chain.</summary>
    private static string Word(string name)
    {
        StringBuilder word = new();
        foreach (char letter in name)
        {
            word.Append(char.IsUpper(letter) && word.Length > 0 ? "_" : "").Append(char.ToLowerInvariant(letter));
        }

        return word.ToString();
    }
}
