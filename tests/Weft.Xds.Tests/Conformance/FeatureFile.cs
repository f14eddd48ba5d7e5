using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Weft.Xds.Tests.Conformance;

/// <summary>One example of a scenario outline: its steps with the values filled in.</summary>
public sealed record FeatureExample(string Name, IReadOnlyList<string> Steps)
{
    public override string ToString() => Name;
}

/// <summary>As much Gherkin as go-control-plane's xDS features use: tagged scenario outlines with one table of examples.</summary>
internal static class FeatureFile
{
    public static IEnumerable<FeatureExample> Read(string path, string tag)
    {
        string tags = "", title = "";
        var steps = new List<string>();
        string[]? header = null;
        foreach (var raw in File.ReadLines(path))
        {
            var line = raw.Trim();
            if (line.StartsWith('@')) (tags, header) = (line, null);
            else if (line.StartsWith("Scenario Outline:", StringComparison.Ordinal)) (title, steps) = (line["Scenario Outline:".Length..].Trim(), []);
            else if (Step(line) is { } step) steps.Add(step);
            else if (line.StartsWith('|') && tags.Split(' ').Contains(tag))
            {
                var cells = line.Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
                if (header is null) header = cells;
                else yield return Fill(title, steps, header, cells);
            }
        }
    }

    private static string? Step(string line)
    {
        foreach (var word in new[] { "Given ", "When ", "Then ", "And " })
        {
            if (line.StartsWith(word, StringComparison.Ordinal)) return line[word.Length..];
        }

        return null;
    }

    private static FeatureExample Fill(string title, List<string> steps, string[] header, string[] cells)
    {
        string With(string text) => header.Zip(cells).Aggregate(text, (t, pair) => t.Replace($"<{pair.First}>", pair.Second, StringComparison.Ordinal));
        return new FeatureExample(With(title), [.. steps.Select(With)]);
    }
}
