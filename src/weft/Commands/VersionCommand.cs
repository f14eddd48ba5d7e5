using System;
using System.CommandLine;
using System.Reflection;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft version</c>: what this binary is.</summary>
internal static class VersionCommand
{
    public static Command Create()
    {
        Command command = new("version", "Print the version of weft");
        command.SetAction(_ =>
        {
            Console.Out.WriteLine(typeof(VersionCommand).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return 0;
        });
        return command;
    }
}
