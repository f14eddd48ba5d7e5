using System.CommandLine;

namespace Weft.CommandLine.Output;

/// <summary>How a command answers.</summary>
internal enum OutputFormat
{
    /// <summary>Tables and sentences for people.</summary>
    Table,

    /// <summary>JSON for programs; the shapes are in docs/cli.md.</summary>
    Json,
}

/// <summary><c>-o json</c>, the same on every command.</summary>
internal static class OutputOption
{
    public static Option<OutputFormat> Create() => new("--output", "-o")
    {
        Description = "table for people, json for programs",
        DefaultValueFactory = _ => OutputFormat.Table,
    };
}
