using System.CommandLine;
using System.Threading.Tasks;
using Weft.CommandLine.Commands;
using Weft.CommandLine.Commands.ProxyConfig;

namespace Weft.CommandLine;

/// <summary>
/// The command line: composition only. One file per command under <c>Commands/</c> (questions to a running mesh) and
/// <c>Machine/</c> (running one), each with a static <c>Create</c>.
/// </summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => CreateRoot().Parse(args).InvokeAsync();

    private static RootCommand CreateRoot() => new("Weft: a service mesh on one machine or many. It can say why a request went where it went.")
    {
        ExplainCommand.Create(),
        ProxyConfigCommand.Create(),
        ProxyStatusCommand.Create(),
        ValidateCommand.Create(),
        VersionCommand.Create(),
        WaitCommand.Create(),
    };
}
