using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Weft.CommandLine.Output;

/// <summary>Plain aligned columns, as kubectl prints them: survive pipes, grep and narrow terminals.</summary>
internal sealed class Columns(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params string[] cells) => _rows.Add(cells);

    public void Write(TextWriter output)
    {
        int[] widths = [.. Enumerable.Range(0, header.Length).Select(column => _rows.Max(row => row[column].Length))];
        foreach (string[] row in _rows)
        {
            output.WriteLine(string.Join("   ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }
}
