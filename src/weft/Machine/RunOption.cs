using System.Collections.Generic;
using System.CommandLine;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Machine;

/// <summary><c>--run deploy/web='node server.js'</c>: what a Deployment of untouched manifests runs on this machine.</summary>
internal static class RunOption
{
    public static Option<string[]> Create() => new("--run")
    {
        Description = "what a Deployment runs here: deploy/NAME[.NAMESPACE]='COMMAND' (repeatable)",
    };

    /// <exception cref="CommandException">Not of that form.</exception>
    public static Dictionary<string, string> Parse(IEnumerable<string> values)
    {
        Dictionary<string, string> commands = [];
        foreach (string value in values)
        {
            int equals = value.IndexOf('=', System.StringComparison.Ordinal);
            if (equals <= 0 || equals == value.Length - 1)
            {
                throw new CommandException($"--run {value}: write deploy/NAME='COMMAND'", exitCode: 2);
            }

            string name = value[..equals];
            commands[name[(name.IndexOf('/', System.StringComparison.Ordinal) + 1)..]] = value[(equals + 1)..];
        }

        return commands;
    }
}
