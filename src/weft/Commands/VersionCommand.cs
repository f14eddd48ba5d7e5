using System.CommandLine;
using System.Reflection;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft version</c>: what this binary is, and the commit it was built from.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("version", "Print the version of weft") { output };
        command.SetAction(parsed =>
        {
            string[] parts = (typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown").Split('+');
            string version = parts[0], commit = parts.Length > 1 ? parts[1] : "";
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                JsonOutput.Write(parsed.InvocationConfiguration.Output, json =>
                {
                    json.WriteStartObject();
                    json.WriteString("version", version);
                    json.WriteString("commit", commit);
                    json.WriteEndObject();
                });
            }
            else
            {
                parsed.InvocationConfiguration.Output.WriteLine(commit.Length > 0 ? $"weft {version} ({commit[..12]})" : $"weft {version}");
            }

            return 0;
        });
        return command;
    }
}
