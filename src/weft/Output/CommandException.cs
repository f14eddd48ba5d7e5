using System;

namespace Weft.CommandLine.Output;

/// <summary>Ends a command with a sentence that says what is wrong and what to do. Nothing else of it is printed.</summary>
internal sealed class CommandException(string message, int exitCode = 1) : Exception(message)
{
    public int ExitCode => exitCode;
}
