using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using Weft.CommandLine.Output;
using Weft.Local.Launch;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft x precheck</c>: whether this machine has what <c>weft up</c> needs; each answer with what to do.</summary>
internal static class PrecheckCommand
{
    public static Command Create()
    {
        Option<string[]> doors = DoorOption.Create();
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("precheck", "Check what this machine needs for weft up") { doors, output };
        command.SetAction(parsed =>
        {
            IReadOnlyList<PrecheckResult> results = Precheck.Run([.. DoorOption.Parse(parsed.GetValue(doors) ?? []).Values]);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                WriteJson(results);
            }
            else
            {
                Write(results);
            }

            return results.Any(result => result.Verdict == PrecheckVerdict.Missing) ? 1 : 0;
        });
        return command;
    }

    private static void Write(IReadOnlyList<PrecheckResult> results)
    {
        foreach (PrecheckResult result in results)
        {
            string sign = result.Verdict switch { PrecheckVerdict.Fine => "✔", PrecheckVerdict.Optional => "!", _ => "✘" };
            Console.Out.WriteLine($"{sign} {result.Name}: {result.Finding}");
            if (result.Remedy.Length > 0)
            {
                Console.Out.WriteLine($"  {result.Remedy}");
            }
        }

        int missing = results.Count(result => result.Verdict == PrecheckVerdict.Missing);
        Console.Out.WriteLine(missing == 0 ? "This machine can run weft up." : $"{missing} to mend before weft up.");
    }

    private static void WriteJson(IReadOnlyList<PrecheckResult> results) => JsonOutput.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteBoolean("ok", results.All(result => result.Verdict != PrecheckVerdict.Missing));
        json.WriteStartArray("checks");
        foreach (PrecheckResult result in results)
        {
            json.WriteStartObject();
            json.WriteString("name", result.Name);
            json.WriteString("verdict", result.Verdict.ToString().ToLowerInvariant());
            json.WriteString("finding", result.Finding);
            json.WriteString("remedy", result.Remedy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
