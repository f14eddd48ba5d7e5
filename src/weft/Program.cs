using System.CommandLine;
using System.Threading.Tasks;
using Weft.CommandLine.Commands;
using Weft.CommandLine.Commands.ProxyConfig;
using Weft.CommandLine.Machine;

namespace Weft.CommandLine;

/// <summary>
/// The command line: composition only. One file per command under <c>Commands/</c> (questions to a running mesh) and
/// <c>Machine/</c> (running one), each with a static <c>Create</c>.
/// </summary>
internal static class Program
{
    /// <summary>No handler for Ctrl-C of the library's: up, run and exec have their own, the others may simply end.</summary>
    public static Task<int> Main(string[] args) => CreateRoot().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });

    private static RootCommand CreateRoot() => new("Weft: a service mesh on one machine or many. It can say why a request went where it went.")
    {
        DownCommand.Create(),
        ExecCommand.Create(),
        ExperimentalCommand.Create(),
        ExplainCommand.Create(),
        LogsCommand.Create(),
        MachineCommand.Create(),
        ProxyConfigCommand.Create(),
        ProxyStatusCommand.Create(),
        RunCommand.Create(),
        UpCommand.Create(),
        ValidateCommand.Create(),
        VersionCommand.Create(),
        WaitCommand.Create(),
    };
}
