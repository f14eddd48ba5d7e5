using System;
using System.Collections.Generic;
using System.Globalization;
using Weft.Config;

namespace Weft.Control.Collections;

/// <summary>
/// Objects in force whose file now says something that was refused before it reached us: <c>weft up</c> keeps the last good version in its store and tells the reason in an annotation. Pure.
/// </summary>
public static class SourceErrors
{
    private const string Word = ": error: ";

    /// <summary>The refusals of a set, besides those in <see cref="MeshState.Refused"/>.</summary>
    public static IEnumerable<Diagnostic> Of(MeshState state)
    {
        foreach (Resource resource in state.All)
        {
            if (Of(resource) is { } error)
            {
                yield return error;
            }
        }
    }

    /// <summary>The refusal told by one object's annotation, or null.</summary>
    public static Diagnostic? Of(Resource resource)
    {
        if (!resource.Metadata.Annotations.TryGetValue(SourceMaps.ErrorAnnotation, out string? text) || text.Length == 0)
        {
            return null;
        }

        int at = text.IndexOf(Word, StringComparison.Ordinal);
        string where = at < 0 ? "" : text[..at];
        return new Diagnostic(
            DiagnosticSeverity.Error, DiagnosticCodes.Unreadable, Place(where, resource), resource.Key, "", at < 0 ? text : text[(at + Word.Length)..]);
    }

    /// <summary><c>file:line:column</c>; a file name may hold colons itself.</summary>
    private static SourceLocation Place(string text, Resource resource)
    {
        int last = text.LastIndexOf(':');
        int before = last <= 0 ? -1 : text.LastIndexOf(':', last - 1);
        return before > 0
            && int.TryParse(text.AsSpan(before + 1, last - before - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int line)
            && int.TryParse(text.AsSpan(last + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int column)
                ? new SourceLocation(text[..before], line, column)
                : resource.Source.Locate("");
    }
}
