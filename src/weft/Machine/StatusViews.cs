using System;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Machine;

/// <summary>Picks the view: a table that refreshes on a terminal, lines elsewhere, JSON when asked.</summary>
internal static class StatusViews
{
    public static IStatusView Choose(OutputFormat format, bool isDetached) => format == OutputFormat.Json
        ? new JsonStatusView()
        : Console.IsOutputRedirected || isDetached ? new PlainStatusView() : new TableStatusView();
}
