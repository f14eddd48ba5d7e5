namespace Weft.Config;

/// <summary>Where something was written. Line and column count from 1 as editors do; 0 means unknown (objects that came as JSON from an API).</summary>
/// <param name="File">Path as the reader was given it, or null.</param>
/// <param name="Line">1-based line, 0 when unknown.</param>
/// <param name="Column">1-based column in characters, 0 when unknown.</param>
public readonly record struct SourceLocation(string? File, int Line, int Column)
{
    /// <summary>Nothing is known about the place.</summary>
    public static SourceLocation None => default;

    /// <summary>True when at least the file or the line is known.</summary>
    public bool IsKnown => File is not null || Line > 0;

    /// <summary><c>file:line:column</c>, leaving out what is unknown.</summary>
    public override string ToString() => (File, Line) switch
    {
        (null, 0) => "-",
        (null, _) => $"{Line}:{Column}",
        (_, 0) => File,
        _ => $"{File}:{Line}:{Column}",
    };
}
