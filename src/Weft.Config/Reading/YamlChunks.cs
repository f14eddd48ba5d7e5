using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>One document's text and the 1-based line of the file that it starts on.</summary>
internal readonly record struct YamlChunk(string Text, int FirstLine);

/// <summary>
/// Cuts a YAML stream at its document markers. A line that begins with <c>---</c> is a marker wherever it stands (YAML 1.2 §9.1.2: not even a block scalar
/// may hold one), so this needs no parser.
/// </summary>
internal static class YamlChunks
{
    internal static List<YamlChunk> Split(string text)
    {
        var chunks = new List<YamlChunk>();
        int from = text.Length > 0 && text[0] == '\uFEFF' ? 1 : 0;
        int firstLine = 1;
        int line = 1;
        bool hasDirective = false;
        bool hasContent = false;
        for (int at = from; at < text.Length; line++)
        {
            int end = text.IndexOf('\n', at);
            int next = end < 0 ? text.Length : end + 1;
            ReadOnlySpan<char> row = text.AsSpan(at, next - at).TrimEnd();
            bool isStart = IsMarker(row, "---");
            bool isEnd = IsMarker(row, "...");
            bool keepsDirective = isStart && hasDirective && !hasContent;
            if (isStart && !keepsDirective && at > from)
            {
                chunks.Add(new YamlChunk(text[from..at], firstLine));
                from = at;
                firstLine = line;
                hasDirective = hasContent = false;
            }

            hasContent |= isStart || (row.Length > 0 && row[0] is not ('%' or '#') && !isEnd && row.TrimStart().Length > 0);
            hasDirective |= row.Length > 0 && row[0] == '%' && !hasContent;
            at = next;
            if (isEnd)
            {
                chunks.Add(new YamlChunk(text[from..at], firstLine));
                from = at;
                firstLine = line + 1;
                hasDirective = hasContent = false;
            }
        }

        if (from < text.Length)
        {
            chunks.Add(new YamlChunk(text[from..], firstLine));
        }

        return chunks;
    }

    private static bool IsMarker(ReadOnlySpan<char> row, string marker) =>
        row.StartsWith(marker, StringComparison.Ordinal) && (row.Length == 3 || row[3] is ' ' or '\t');
}
