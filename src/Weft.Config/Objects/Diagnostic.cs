using System.Globalization;

namespace Weft.Config;

/// <summary>How bad a <see cref="Diagnostic"/> is.</summary>
public enum DiagnosticSeverity : byte
{
    /// <summary>Worth knowing; nothing is lost.</summary>
    Info,

    /// <summary>The object applies, without what the message names.</summary>
    Warning,

    /// <summary>The object is refused; its last good version keeps serving.</summary>
    Error,
}

/// <summary>One problem found while reading: where, in which object and field, what is wrong and what to do. Immutable.</summary>
/// <param name="Severity">Error means refused.</param>
/// <param name="Code">Stable word from <see cref="DiagnosticCodes"/>.</param>
/// <param name="Location">File, line and column; unknown parts are left out when printed.</param>
/// <param name="Object">The object it is about, when it could be told.</param>
/// <param name="FieldPath">For example <c>spec.http[0].route[1].weight</c>; empty for the object itself.</param>
/// <param name="Message">A sentence that says what to do.</param>
public sealed record Diagnostic(DiagnosticSeverity Severity, string Code, SourceLocation Location, ObjectKey? Object, string FieldPath, string Message)
{
    /// <summary><c>file:line:column: error: VirtualService grid/forecast: spec.http[0]: message [code]</c>, the form compilers use and editors parse.</summary>
    public override string ToString()
    {
        string where = Location.IsKnown ? Location.ToString() + ": " : "";
        string severity = Severity switch { DiagnosticSeverity.Error => "error", DiagnosticSeverity.Warning => "warning", _ => "info" };
        string what = Object is { } key ? $"{key}: " : "";
        string field = FieldPath.Length > 0 ? FieldPath + ": " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{where}{severity}: {what}{field}{Message} [{Code}]");
    }
}
