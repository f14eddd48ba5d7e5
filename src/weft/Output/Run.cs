using System;
using System.CommandLine;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Weft.CommandLine.Output;

/// <summary>Runs the body of a command: a <see cref="CommandException"/> becomes one line on stderr and its exit code.</summary>
internal static class Run
{
    public static void SetBody(this Command command, Func<ParseResult, CancellationToken, Task<int>> body) =>
        command.SetAction((parsed, cancellation) => GuardAsync(() => body(parsed, cancellation)));

    private static async Task<int> GuardAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (CommandException stop)
        {
            Console.Error.WriteLine($"weft: {stop.Message}");
            return stop.ExitCode;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException)
        {
            Console.Error.WriteLine($"weft: the mesh stopped answering: {lost.Message}. `weft up DIR` shows whether it still runs.");
            return 1;
        }
    }
}
