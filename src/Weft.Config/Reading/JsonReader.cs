using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;

namespace Weft.Config;

/// <summary>
/// Reads one JSON value into a <see cref="ResourceNode"/> tree. Line and column are kept for files; objects of an API need none. Duplicate keys are errors.
/// Pure; any thread; never throws on bad input.
/// </summary>
public static class JsonReader
{
    /// <summary>Reads one document.</summary>
    /// <param name="utf8">The whole text.</param>
    /// <param name="file">Name to report; positions are kept only when it is given.</param>
    /// <param name="limits">Null for the defaults.</param>
    public static ParsedDocuments Read(ReadOnlySpan<byte> utf8, string? file, ReadLimits? limits = null)
    {
        ReadLimits allowed = limits ?? ReadLimits.Default;
        if (utf8.StartsWith("\uFEFF"u8))
        {
            utf8 = utf8[3..];
        }

        if (utf8.Length > allowed.MaxBytes && file is not null)
        {
            return Broken(DiagnosticCodes.TooLarge, new SourceLocation(file, 0, 0), $"The file is larger than {allowed.MaxBytes} bytes; split it.");
        }

        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = allowed.MaxDepth });
        var places = new LineCounter(utf8, isOn: file is not null);
        try
        {
            reader.Read();
            var budget = new Budget(allowed.MaxNodes, file);
            ResourceNode node = ReadValue(ref reader, ref places, budget);
            if (budget.Problem is null && reader.Read())
            {
                budget.Problem = new Diagnostic(DiagnosticSeverity.Error, DiagnosticCodes.Syntax, places.At(reader.TokenStartIndex, file), null, "", "Text after the end of the JSON value.");
            }

            return budget.Problem is { } problem ? new ParsedDocuments([], [problem]) { IsIncomplete = true } : new ParsedDocuments([node], []);
        }
        catch (JsonException e)
        {
            var at = new SourceLocation(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            return Broken(DiagnosticCodes.Syntax, at, "Not valid JSON: " + Explain(e.Message));
        }
        catch (InvalidOperationException)
        {
            // Utf8JsonReader.GetString on a string that holds bytes that are no UTF-8, or a lone surrogate escape.
            return Broken(DiagnosticCodes.Syntax, places.At(reader.TokenStartIndex, file), "Not valid JSON: a string is not valid UTF-8.");
        }
    }

    private static ParsedDocuments Broken(string code, SourceLocation at, string message) =>
        new([], [new Diagnostic(DiagnosticSeverity.Error, code, at, null, "", message)]) { IsIncomplete = true };

    private static string Explain(string message)
    {
        int cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }

    private static ResourceNode ReadValue(ref Utf8JsonReader reader, ref LineCounter places, Budget budget)
    {
        (int line, int column) = places.Next(reader.TokenStartIndex);
        budget.Spend(line, column);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, ref places, budget, line, column);
            case JsonTokenType.StartArray:
                var items = new List<ResourceNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray && budget.Problem is null)
                {
                    items.Add(ReadValue(ref reader, ref places, budget));
                }

                return ResourceNode.Sequence(items, line, column);
            case JsonTokenType.String:
                return ResourceNode.String(reader.GetString()!, line, column);
            case JsonTokenType.Number:
                return ResourceNode.NumberLiteral(Encoding.ASCII.GetString(reader.ValueSpan), line, column);
            case JsonTokenType.True or JsonTokenType.False:
                return ResourceNode.Boolean(reader.TokenType == JsonTokenType.True, line, column);
            default:
                return ResourceNode.NullAt(line, column);
        }
    }

    private static ResourceNode ReadObject(ref Utf8JsonReader reader, ref LineCounter places, Budget budget, int line, int column)
    {
        var entries = new List<NodeEntry>();
        HashSet<string>? names = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject && budget.Problem is null)
        {
            (int keyLine, int keyColumn) = places.Next(reader.TokenStartIndex);
            string name = reader.GetString()!;
            if (IsDuplicate(entries, ref names, name))
            {
                budget.Fail(DiagnosticCodes.DuplicateKey, keyLine, keyColumn, $"The key \"{name}\" is written twice in this object; remove one.");
            }

            reader.Read();
            entries.Add(new NodeEntry(name, ReadValue(ref reader, ref places, budget), keyLine, keyColumn));
        }

        return ResourceNode.Mapping(entries, line, column);
    }

    private static bool IsDuplicate(List<NodeEntry> entries, ref HashSet<string>? names, string name)
    {
        // Most objects have a handful of fields: a set is made only where a scan would turn quadratic.
        if (entries.Count < 16)
        {
            foreach (NodeEntry entry in entries)
            {
                if (string.Equals(entry.Name, name, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            return false;
        }

        if (names is null)
        {
            names = new HashSet<string>(StringComparer.Ordinal);
            foreach (NodeEntry entry in entries)
            {
                names.Add(entry.Name);
            }
        }

        return !names.Add(name);
    }

    /// <summary>How many nodes are left, and the first problem.</summary>
    private sealed class Budget(int nodes, string? file)
    {
        private int _left = nodes;

        internal Diagnostic? Problem { get; set; }

        internal void Spend(int line, int column)
        {
            if (--_left < 0)
            {
                Fail(DiagnosticCodes.TooLarge, line, column, "Too many values for one document; split it.");
            }
        }

        internal void Fail(string code, int line, int column, string message) =>
            Problem ??= new Diagnostic(DiagnosticSeverity.Error, code, new SourceLocation(file, line, column), null, "", message);
    }

    /// <summary>Turns byte offsets, asked for in rising order, into line and column.</summary>
    private ref struct LineCounter(ReadOnlySpan<byte> text, bool isOn)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private long _seen;
        private long _lineStart;
        private int _line = 1;

        internal (int Line, int Column) Next(long offset)
        {
            if (!isOn)
            {
                return (0, 0);
            }

            while (_seen < offset)
            {
                int newline = _text[(int)_seen..(int)offset].IndexOf((byte)'\n');
                if (newline < 0)
                {
                    _seen = offset;
                    break;
                }

                _seen += newline + 1;
                _lineStart = _seen;
                _line++;
            }

            return (_line, Encoding.UTF8.GetCharCount(_text[(int)_lineStart..(int)offset]) + 1);
        }

        internal SourceLocation At(long offset, string? file)
        {
            (int line, int column) = Next(Math.Max(offset, _seen));
            return new SourceLocation(file, line, column);
        }
    }
}
