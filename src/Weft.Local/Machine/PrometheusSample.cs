using System;
using System.Collections.Generic;
using System.Globalization;

namespace Weft.Local.Machine;

/// <summary>One line of Prometheus text.</summary>
/// <param name="Name">Metric.</param>
/// <param name="Labels">Label → value, unescaped.</param>
/// <param name="Value">Its number.</param>
public readonly record struct PrometheusSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The samples of a scrape whose name starts with <paramref name="prefix"/>; lines it cannot read are left out.</summary>
    public static IEnumerable<PrometheusSample> Parse(string text, string prefix)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (string line in text.Split('\n'))
        {
            if (line.StartsWith(prefix, StringComparison.Ordinal) && TryParse(line, out PrometheusSample sample))
            {
                yield return sample;
            }
        }
    }

    private static bool TryParse(string line, out PrometheusSample sample)
    {
        sample = default;
        int brace = line.IndexOf('{', StringComparison.Ordinal);
        int close = line.LastIndexOf('}');
        int nameEnd = brace >= 0 ? brace : line.IndexOf(' ', StringComparison.Ordinal);
        string[] tail = (brace >= 0 ? line[(close + 1)..] : line[Math.Max(0, nameEnd)..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (nameEnd <= 0 || (brace >= 0 && close < brace) || tail.Length == 0 || !double.TryParse(tail[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            return false;
        }

        sample = new PrometheusSample(line[..nameEnd], brace >= 0 ? Labelled(line[(brace + 1)..close]) : new Dictionary<string, string>(), value);
        return true;
    }

    private static Dictionary<string, string> Labelled(string text)
    {
        Dictionary<string, string> labels = [];
        int position = 0;
        while (position < text.Length)
        {
            int equals = text.IndexOf("=\"", position, StringComparison.Ordinal);
            if (equals < 0)
            {
                break;
            }

            int end = equals + 2;
            while (end < text.Length && text[end] != '"')
            {
                end += text[end] == '\\' ? 2 : 1;
            }

            end = Math.Min(end, text.Length);
            labels[text[position..equals].Trim(',', ' ')] = text[(equals + 2)..end].Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
            position = end + 1;
        }

        return labels;
    }
}
