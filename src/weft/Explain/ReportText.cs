using System.IO;
using System.Linq;

namespace Weft.CommandLine.Explain;

/// <summary>The answer for people: numbered decisions, each with who asked for it, and below it what nearly decided instead.</summary>
internal static class ReportText
{
    private const int StageWidth = 17;

    public static void Write(Report report, TextWriter text)
    {
        text.WriteLine($"{report.Request.Method} http://{report.Request.Authority}{report.Request.Target}");
        text.WriteLine($"from {report.From}, snapshot {Short(report.Digest)}");
        string at = "";
        int number = 0;
        foreach (Step step in report.Steps)
        {
            if (at != step.Side + step.Pod)
            {
                at = step.Side + step.Pod;
                text.WriteLine();
                text.WriteLine(step.Side == "outbound" ? $"At {step.Pod}, going out" : $"At {step.Pod}, coming in");
            }

            text.WriteLine($"{++number,3} {step.Stage.Replace('_', ' ').PadRight(StageWidth)}{(step.Verdict == "failed" ? "NOTHING: " : "")}{step.Outcome}");
            Indented(text, step.Detail);
            foreach (Place place in step.Origins)
            {
                Indented(text, (place.Aspect.Length > 0 ? place.Aspect + ": " : "asked for by ") + place);
            }

            foreach (NearMiss miss in step.NearMisses)
            {
                Indented(text, $"not {miss.What}: {miss.Why}{string.Concat(miss.Origins.Take(1).Select(place => $" [{place}]"))}");
            }
        }

        text.WriteLine();
        text.WriteLine(report.Answer.Length > 0 ? $"The caller gets {report.Answer}."
            : report.Cluster.Length == 0 ? $"It goes to one of {string.Join(", ", report.Endpoints)}; --request-id says which subset."
            : $"It goes to {report.Cluster}, at {(report.Endpoints.Count == 1 ? "" : "one of ")}{string.Join(", ", report.Endpoints)}.");
    }

    private static void Indented(TextWriter text, string line)
    {
        if (line.Length > 0)
        {
            text.WriteLine(new string(' ', StageWidth + 4) + line);
        }
    }

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest;
}
