using System.CommandLine;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft x</c> (also <c>experimental</c>): where istioctl keeps precheck.</summary>
internal static class ExperimentalCommand
{
    public static Command Create()
    {
        Command command = new("x", "Commands that istioctl keeps under x") { PrecheckCommand.Create() };
        command.Aliases.Add("experimental");
        return command;
    }
}
