using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Weft.Http;

namespace Weft.Fuzz;

/// <summary>
/// The framing rules of RFC 9112 §6 with our refusals, written as a table a second time: naive, on strings, by splitting lines. The parser must
/// agree with it about every head it accepts, and must refuse every head that the table refuses.
/// </summary>
public static class FramingRules
{
    /// <summary>What the table says of a head; null framing: refuse.</summary>
    public readonly record struct Verdict(BodyFraming? Framing, long Length);

    public static Verdict OfRequest(ReadOnlySpan<byte> head)
    {
        List<(string Name, string Raw)> fields = Split(head, out string startLine);
        bool http10 = startLine.EndsWith("HTTP/1.0", StringComparison.Ordinal);
        (string Name, string Raw)[] lengths = [.. fields.Where(f => f.Name == "content-length")];
        (string Name, string Raw)[] codings = [.. fields.Where(f => f.Name == "transfer-encoding")];

        (bool Applies, Verdict Verdict)[] rules =
        [
            (lengths.Length + codings.Length > 1, Refuse),                                           // §6.3.3, §6.3.5, made strict
            (codings.Length == 1 && http10, Refuse),                                                 // §6.1
            (codings.Length == 1 && !IsChunked(codings[0].Raw), Refuse),                             // §6.3.4
            (codings.Length == 1, new Verdict(BodyFraming.Chunked, -1)),                             // §6.3.4
            (lengths.Length == 1 && !IsLength(lengths[0].Raw), Refuse),                              // §6.3.5
            (lengths.Length == 1, new Verdict(BodyFraming.Length, lengths.Length == 1 ? Number(lengths[0].Raw) : 0)), // §6.3.6
            (true, new Verdict(BodyFraming.None, -1)),                                               // §6.3.7
        ];
        return rules.First(rule => rule.Applies).Verdict;
    }

    private static Verdict Refuse => new(null, -1);

    private static List<(string Name, string Raw)> Split(ReadOnlySpan<byte> head, out string startLine)
    {
        string[] lines = Encoding.Latin1.GetString(head).Split("\r\n");
        startLine = lines[0];
        var fields = new List<(string, string)>();
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0) fields.Add((line[..colon].ToLowerInvariant(), line[(colon + 1)..]));
        }

        return fields;
    }

    private static bool IsChunked(string raw) => raw.Trim(' ', '\t').Equals("chunked", StringComparison.OrdinalIgnoreCase);

    private static bool IsLength(string raw)
    {
        string digits = raw.StartsWith(' ') ? raw[1..] : raw;
        return digits.Length > 0 && digits.All(char.IsAsciiDigit) && (digits == "0" || digits[0] != '0') && long.TryParse(digits, out _);
    }

    private static long Number(string raw) => long.TryParse(raw.Trim(' '), out long value) ? value : 0;
}
