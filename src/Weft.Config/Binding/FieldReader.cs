using System;
using System.Collections.Generic;
using System.Globalization;

namespace Weft.Config;

/// <summary>
/// Reads the fields of one mapping into a record and reports everything that is wrong with them; never throws on what a user wrote. A field that is not in
/// <see cref="HonouredFields"/> is checked like any other, reported, and then reads as absent: the record holds only what Weft does. Every field asked for is
/// known; <see cref="Done"/> reports the rest.
/// </summary>
internal sealed partial class FieldReader
{
    private readonly BindContext _context;
    private readonly ResourceNode _node;
    private readonly List<string> _known = [];
    private readonly int _line;
    private readonly int _column;
    private readonly bool _isSilent;

    /// <param name="context">Shared by the object.</param>
    /// <param name="node">A mapping; anything else has been reported and reads as empty.</param>
    /// <param name="path">For people: <c>spec.http[0]</c>.</param>
    /// <param name="pattern">For the table: <c>spec.http[]</c>.</param>
    /// <param name="line">Where the field itself is named.</param>
    /// <param name="column">See <paramref name="line"/>.</param>
    /// <param name="isSilent">An outer field has been reported as not honoured already.</param>
    internal FieldReader(BindContext context, ResourceNode node, string path, string pattern, int line, int column, bool isSilent)
    {
        _context = context;
        _node = node;
        Path = path;
        Pattern = pattern;
        _line = line;
        _column = column;
        _isSilent = isSilent;
    }

    /// <summary>Where this message stands in its list, as written; -1 elsewhere.</summary>
    internal int Index { get; init; } = -1;

    internal string Path { get; }

    internal string Pattern { get; }

    internal ResourceNode Node => _node;

    internal BindContext Context => _context;

    /// <summary>Something below was reported as not honoured (or would have been, had an outer field not been).</summary>
    internal bool HasUnhonoured { get; set; }

    /// <summary>The name is written here and is not null. Does not make the field known.</summary>
    internal bool Has(string name) => _node[name] is { IsNull: false };

    /// <summary>Text; absent also when the table honours only other words.</summary>
    internal string? String(string name) =>
        Find(name, out Field field) && Text(field) is { } text && IsHonouredWord(field, text) ? Honoured(field, text) : null;

    internal string RequiredString(string name)
    {
        if (!Has(name))
        {
            Known(name);
            Missing(name);
            return "";
        }

        return String(name) ?? "";
    }

    internal bool? Bool(string name)
    {
        if (!Find(name, out Field field))
        {
            return null;
        }

        if (field.Value.Kind != NodeKind.Boolean)
        {
            WrongType(field, "true or false");
            return null;
        }

        return Honoured<bool?>(field, field.Value.Text == "true");
    }

    internal int? Int32(string name, long min = int.MinValue, long max = int.MaxValue) => (int?)Integer(name, min, max);

    internal uint? UInt32(string name, long max = uint.MaxValue) => (uint?)Integer(name, 0, max);

    internal ulong? UInt64(string name) => (ulong?)Integer(name, 0, long.MaxValue);

    internal long? Integer(string name, long min, long max)
    {
        if (!Find(name, out Field field) || !TryInteger(field, out long value))
        {
            return null;
        }

        if (value < min || value > max)
        {
            Error(field, DiagnosticCodes.InvalidValue, $"{name} must be between {min} and {max}, not {field.Value.Text}.");
            return null;
        }

        return Honoured<long?>(field, value);
    }

    internal double? Double(string name, double min = double.MinValue, double max = double.MaxValue)
    {
        if (!Find(name, out Field field))
        {
            return null;
        }

        if (field.Value.Kind != NodeKind.Number || !double.TryParse(field.Value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
        {
            WrongType(field, "a number");
            return null;
        }

        if (value < min || value > max)
        {
            Error(field, DiagnosticCodes.InvalidValue, $"{name} must be between {min} and {max}, not {field.Value.Text}.");
            return null;
        }

        return Honoured<double?>(field, value);
    }

    /// <summary>A Go duration of whole milliseconds, at least one: <c>1h30m</c>, <c>5s</c>, <c>250ms</c>.</summary>
    internal TimeSpan? Duration(string name, bool allowsZero = false)
    {
        if (!Find(name, out Field field) || Text(field) is not { } text)
        {
            return null;
        }

        if (!GoDuration.TryParse(text, out TimeSpan value, out bool isWholeMilliseconds))
        {
            Error(field, DiagnosticCodes.InvalidValue, $"\"{text}\" is not a duration; write for example 5s, 250ms or 1h30m.");
            return null;
        }

        if (value < (allowsZero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(1)) || !isWholeMilliseconds)
        {
            Error(field, DiagnosticCodes.InvalidValue, $"\"{text}\" does not fit: must be a valid duration greater than 1ms, in whole milliseconds{(allowsZero ? ", or 0s" : "")}.");
            return null;
        }

        return Honoured<TimeSpan?>(field, value);
    }

    /// <summary>One of a few words. A word that is known but not honoured reads as absent.</summary>
    internal T? Word<T>(string name, WordTable<T> words)
        where T : struct
    {
        if (!Find(name, out Field field) || Text(field) is not { } text)
        {
            return null;
        }

        if (!words.TryFind(text, out T value))
        {
            string? near = Suggestion.Nearest(text, words.Words);
            Error(field, DiagnosticCodes.InvalidValue, near is null
                ? $"\"{text}\" is no value of {name}; use one of {string.Join(", ", words.Words)}."
                : $"\"{text}\" is no value of {name}; did you mean {near}?");
            return null;
        }

        return IsHonouredWord(field, text) ? Honoured<T?>(field, value) : null;
    }

    /// <summary>A nested message; null when absent, wrong or not honoured.</summary>
    internal T? Object<T>(string name, Func<FieldReader, T?> bind)
        where T : class
    {
        if (!Find(name, out Field field))
        {
            return null;
        }

        if (field.Value.Kind != NodeKind.Mapping)
        {
            WrongType(field, "a mapping");
            return null;
        }

        return Honoured(field, Enter(field, bind));
    }

    internal IReadOnlyList<T> List<T>(string name, Func<FieldReader, T?> bind)
        where T : class
    {
        if (!FindSequence(name, out Field field))
        {
            return [];
        }

        var items = new List<T>(field.Value.Items.Count);
        for (int i = 0; i < field.Value.Items.Count; i++)
        {
            Field item = Item(field, i);
            if (item.Value.Kind != NodeKind.Mapping)
            {
                WrongType(item, "a mapping");
            }
            else if (Enter(item, bind) is { } bound)
            {
                items.Add(bound);
            }
        }

        return Honoured(field, (IReadOnlyList<T>)items) ?? [];
    }

    internal IReadOnlyList<string> Strings(string name, Action<FieldReader, Field, string>? check = null)
    {
        if (!FindSequence(name, out Field field))
        {
            return [];
        }

        var items = new List<string>(field.Value.Items.Count);
        for (int i = 0; i < field.Value.Items.Count; i++)
        {
            Field item = Item(field, i);
            if (Text(item) is { } text)
            {
                check?.Invoke(this, item, text);
                items.Add(text);
            }
        }

        return Honoured(field, (IReadOnlyList<string>)items) ?? [];
    }

    /// <summary>Integers of a sequence.</summary>
    internal IReadOnlyList<uint> UInt32s(string name, long min, long max)
    {
        if (!FindSequence(name, out Field field))
        {
            return [];
        }

        var items = new List<uint>(field.Value.Items.Count);
        for (int i = 0; i < field.Value.Items.Count; i++)
        {
            Field item = Item(field, i);
            if (!TryInteger(item, out long value))
            {
                continue;
            }

            if (value < min || value > max)
            {
                Error(item, DiagnosticCodes.InvalidValue, $"{value} is not between {min} and {max}.");
                continue;
            }

            items.Add((uint)value);
        }

        return Honoured(field, (IReadOnlyList<uint>)items) ?? [];
    }

    /// <summary>A mapping of strings in the order written.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> Pairs(string name, Action<FieldReader, Field, string, string>? check = null)
    {
        if (!FindMapping(name, out Field field))
        {
            return [];
        }

        var pairs = new List<KeyValuePair<string, string>>(field.Value.Entries.Count);
        foreach (NodeEntry entry in field.Value.Entries)
        {
            Field item = Member(field, entry);
            if (Text(item, isNullEmpty: true) is { } text)
            {
                check?.Invoke(this, item, entry.Name, text);
                pairs.Add(new(entry.Name, text));
            }
        }

        return Honoured(field, (IReadOnlyList<KeyValuePair<string, string>>)pairs) ?? [];
    }

    internal IReadOnlyDictionary<string, string> StringMap(string name, Action<FieldReader, Field, string, string>? check = null)
    {
        IReadOnlyList<KeyValuePair<string, string>> pairs = Pairs(name, check);
        return pairs.Count == 0 ? EmptyMap.OfStrings : new Dictionary<string, string>(pairs, StringComparer.Ordinal);
    }

    /// <summary>A mapping of messages in the order written.</summary>
    internal IReadOnlyList<KeyValuePair<string, T>> Map<T>(string name, Func<FieldReader, string, T?> bind)
        where T : class
    {
        if (!FindMapping(name, out Field field))
        {
            return [];
        }

        var pairs = new List<KeyValuePair<string, T>>(field.Value.Entries.Count);
        foreach (NodeEntry entry in field.Value.Entries)
        {
            Field item = Member(field, entry);
            if (item.Value.Kind is not (NodeKind.Mapping or NodeKind.Null))
            {
                WrongType(item, "a mapping");
            }
            else if (Enter(item, r => bind(r, entry.Name)) is { } bound)
            {
                pairs.Add(new(entry.Name, bound));
            }
        }

        return Honoured(field, (IReadOnlyList<KeyValuePair<string, T>>)pairs) ?? [];
    }

    /// <summary>Integers of a mapping in the order written.</summary>
    internal IReadOnlyList<KeyValuePair<string, uint>> UInt32Map(string name)
    {
        if (!FindMapping(name, out Field field))
        {
            return [];
        }

        var pairs = new List<KeyValuePair<string, uint>>(field.Value.Entries.Count);
        foreach (NodeEntry entry in field.Value.Entries)
        {
            Field item = Member(field, entry);
            if (TryInteger(item, out long value) && value is >= 0 and <= uint.MaxValue)
            {
                pairs.Add(new(entry.Name, (uint)value));
            }
        }

        return Honoured(field, (IReadOnlyList<KeyValuePair<string, uint>>)pairs) ?? [];
    }

    /// <summary>The raw value; makes the field known.</summary>
    internal ResourceNode? Raw(string name) => Find(name, out Field field) ? field.Value : null;

    /// <summary>Fields that exist and mean nothing here.</summary>
    internal void Known(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _known.Add(name);
        }
    }

    /// <summary>Fields of Kubernetes' own that something on a cluster acts on and <c>weft up</c> does not: one info in files.</summary>
    internal void Unused(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _known.Add(name);
            if (_context.IsFile && Has(name))
            {
                FieldError(name, DiagnosticSeverity.Info, DiagnosticCodes.NotHonoured, $"{name} is for a cluster; weft up does not act on it.");
            }
        }
    }

    /// <summary>Reports every field that nobody asked for.</summary>
    internal void Done()
    {
        foreach (NodeEntry entry in _node.Entries)
        {
            if (!_known.Contains(entry.Name))
            {
                ReportUnknown(entry);
            }
        }
    }

    private void ReportUnknown(NodeEntry entry)
    {
        // An API server has checked core kinds against a schema newer than our list; only a person's typo is news.
        if (!_context.IsFile && !_context.Kind.IsIstio)
        {
            return;
        }

        bool isFatal = _context.Kind.IsIstio && (_context.IsFile || HonouredFields.IsRefusing(_context.Kind, Pattern));
        string? near = Suggestion.Nearest(entry.Name, _known);
        string where = Path.Length == 0 ? _context.Kind.Kind : Path;
        string message = near is null
            ? $"{where} has no field \"{entry.Name}\"; remove it" + (_known.Count <= 12 ? $" (fields: {string.Join(", ", _known)})." : ".")
            : $"{where} has no field \"{entry.Name}\"; did you mean {near}?";
        _context.Report(isFatal ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning, DiagnosticCodes.UnknownField, Join(entry.Name), entry.Line, entry.Column, message);
    }

    private string Join(string name) => Path.Length == 0 ? name : $"{Path}.{name}";
}
