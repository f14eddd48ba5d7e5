using System.Collections.Generic;

namespace Weft.Config;

/// <summary>What one object's binding shares: whose object it is, what is honoured, and the problems found so far. One thread.</summary>
internal sealed class BindContext
{
    internal required KindInfo Kind { get; init; }

    internal string? File { get; init; }

    internal ObjectKey? Key { get; init; }

    /// <summary>A person wrote it: strangers are errors or worth a word.</summary>
    internal bool IsFile { get; init; }

    /// <summary>Tests of the whole schema bind what is not honoured too.</summary>
    internal bool HonoursAll { get; init; }

    /// <summary>Places of an object that came with the annotations of <see cref="SourceMaps"/>.</summary>
    internal SourceMap? Places { get; init; }

    internal List<Diagnostic> Problems { get; } = [];

    internal void Report(DiagnosticSeverity severity, string code, string path, int line, int column, string message)
    {
        SourceLocation at = line > 0 || Places is null ? new SourceLocation(File, line, column) : Places.Locate(path);
        Problems.Add(new Diagnostic(severity, code, at, Key, path, message));
    }
}
