using System;
using System.Globalization;

namespace Weft.Config;

/// <summary>The parts that the readers of <see cref="FieldReader"/> are made of: finding, converting, reporting.</summary>
internal sealed partial class FieldReader
{
    /// <summary>A field that is there: its value, its path, its place.</summary>
    internal readonly record struct Field(string Name, ResourceNode Value, string Path, string Pattern, int Line, int Column, bool IsHonoured, bool IsSilent, int Index = -1);

    /// <summary>Reports a problem of this message as a whole.</summary>
    internal void Error(string message, string code = DiagnosticCodes.InvalidValue) =>
        _context.Report(DiagnosticSeverity.Error, code, Path, _line, _column, message);

    /// <summary>Reports a problem of a field (or of this message when the field is absent).</summary>
    internal void FieldError(string name, string message, string code = DiagnosticCodes.InvalidValue) =>
        FieldError(name, DiagnosticSeverity.Error, code, message);

    internal void FieldWarning(string name, string message, string code = DiagnosticCodes.InvalidValue) =>
        FieldError(name, DiagnosticSeverity.Warning, code, message);

    internal void FieldError(string name, DiagnosticSeverity severity, string code, string message)
    {
        foreach (NodeEntry entry in _node.Entries)
        {
            if (entry.Name == name)
            {
                _context.Report(severity, code, Join(name), entry.Line, entry.Column, message);
                return;
            }
        }

        _context.Report(severity, code, Path, _line, _column, message);
    }

    internal void Error(Field field, string code, string message) =>
        _context.Report(DiagnosticSeverity.Error, code, field.Path, field.Line, field.Column, message);

    internal void Warning(Field field, string code, string message) =>
        _context.Report(DiagnosticSeverity.Warning, code, field.Path, field.Line, field.Column, message);

    internal void Missing(string name) =>
        _context.Report(DiagnosticSeverity.Error, DiagnosticCodes.Required, Join(name), _line, _column, $"{name} is required here; add it.");

    private bool Find(string name, out Field field)
    {
        _known.Add(name);
        foreach (NodeEntry entry in _node.Entries)
        {
            if (string.Equals(entry.Name, name, StringComparison.Ordinal))
            {
                if (entry.Value.IsNull)
                {
                    break;
                }

                field = Make(name, entry);
                return true;
            }
        }

        field = default;
        return false;
    }

    private Field Make(string name, NodeEntry entry)
    {
        string pattern = Pattern.Length == 0 ? name : $"{Pattern}.{name}";
        string path = Join(name);

        // Below a field that is left out everything is read as if it were honoured, so that it can be checked; the outer field drops it all.
        bool isHonoured = _isSilent || _context.HonoursAll || HonouredFields.IsHonoured(_context.Kind, pattern);
        if (!isHonoured)
        {
            HasUnhonoured = true;
            ReportUnhonoured(path, pattern, entry.Line, entry.Column, name);
        }

        return new Field(name, entry.Value, path, pattern, entry.Line, entry.Column, isHonoured, _isSilent || !isHonoured);
    }

    private void ReportUnhonoured(string path, string pattern, int line, int column, string what)
    {
        bool isRefused = HonouredFields.IsRefusing(_context.Kind, pattern);
        _context.Report(
            isRefused ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
            DiagnosticCodes.NotHonoured,
            path,
            line,
            column,
            isRefused
                ? $"This version of Weft does not honour {what}; applying the object without it could open what it protects, so it is refused. Remove the field to have the rest applied."
                : HonouredFields.IsMatch(pattern)
                    ? $"This version of Weft does not honour {what}; the alternative that holds it is left out, so that it does not match more than it says."
                    : HonouredFields.IsServer(pattern)
                        ? $"This version of Weft does not honour {what}; the server is left out."
                        : $"This version of Weft does not honour {what}; the object applies without it.");
    }

    private bool IsHonouredWord(Field field, string text)
    {
        if (_context.HonoursAll || field.IsSilent || HonouredFields.IsHonouredWord(_context.Kind, field.Pattern, text))
        {
            return true;
        }

        HasUnhonoured = true;
        ReportUnhonoured(field.Path, field.Pattern, field.Line, field.Column, $"{field.Name}: {text}");
        return false;
    }

    private static T? Honoured<T>(Field field, T? value) => field.IsHonoured ? value : default;

    private T? Enter<T>(Field field, Func<FieldReader, T?> bind)
        where T : class
    {
        var reader = new FieldReader(_context, field.Value, field.Path, field.Pattern, field.Line, field.Column, field.IsSilent) { Index = field.Index };
        T? bound = bind(reader);
        reader.Done();
        HasUnhonoured |= reader.HasUnhonoured;
        return bound;
    }

    private bool FindSequence(string name, out Field field)
    {
        if (Find(name, out field) && field.Value.Kind != NodeKind.Sequence)
        {
            WrongType(field, "a list");
            return false;
        }

        return field.Value is not null;
    }

    private bool FindMapping(string name, out Field field)
    {
        if (Find(name, out field) && field.Value.Kind != NodeKind.Mapping)
        {
            WrongType(field, "a mapping");
            return false;
        }

        return field.Value is not null;
    }

    private static Field Item(Field list, int index)
    {
        ResourceNode item = list.Value.Items[index];
        return list with
        {
            Value = item,
            Path = string.Create(CultureInfo.InvariantCulture, $"{list.Path}[{index}]"),
            Pattern = list.Pattern + "[]",
            Line = item.Line,
            Column = item.Column,
            Index = index,
        };
    }

    private static Field Member(Field map, NodeEntry entry) => map with
    {
        Name = entry.Name,
        Value = entry.Value,
        Path = $"{map.Path}[{entry.Name}]",
        Pattern = map.Pattern + "{}",
        Line = entry.Line,
        Column = entry.Column,
    };

    private string? Text(Field field, bool isNullEmpty = false)
    {
        switch (field.Value.Kind)
        {
            case NodeKind.String:
                return field.Value.Text;
            case NodeKind.Null when isNullEmpty:
                return "";
            case NodeKind.Number or NodeKind.Boolean:
                Error(field, DiagnosticCodes.WrongType, $"{field.Name} must be text, and {field.Value.Text} reads as a {Describe(field.Value.Kind)}; put it in quotes.");
                return null;
            default:
                WrongType(field, "text");
                return null;
        }
    }

    private bool TryInteger(Field field, out long value)
    {
        value = 0;
        if (field.Value.Kind != NodeKind.Number)
        {
            WrongType(field, "a whole number");
            return false;
        }

        if (long.TryParse(field.Value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value))
        {
            return true;
        }

        if (decimal.TryParse(field.Value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)
            && number == decimal.Truncate(number) && number is >= long.MinValue and <= long.MaxValue)
        {
            value = (long)number;
            return true;
        }

        Error(field, DiagnosticCodes.WrongType, $"{field.Name} must be a whole number, not {field.Value.Text}.");
        return false;
    }

    private void WrongType(Field field, string wanted) =>
        Error(field, DiagnosticCodes.WrongType, $"{field.Name} must be {wanted}, not a {Describe(field.Value.Kind)}"
            + (field.Value.Kind == NodeKind.String && wanted is "true or false" or "a number" or "a whole number" ? "; take the quotes away." : "."));

    private static string Describe(NodeKind kind) => kind switch
    {
        NodeKind.Boolean => "boolean",
        NodeKind.Number => "number",
        NodeKind.String => "text",
        NodeKind.Sequence => "list",
        NodeKind.Mapping => "mapping",
        _ => "null",
    };
}
