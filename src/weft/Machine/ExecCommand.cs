using System.CommandLine;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft exec web.grid -- CMD</c>: one more process behind the walls of a running workload, intercepted like it.</summary>
internal static class ExecCommand
{
    public static Command Create()
    {
        Argument<string> pod = new("POD") { Description = "web.grid, deploy/web, web-5d9c7b-x2k4q.grid" };
        Argument<string[]> words = new("CMD") { Description = "the command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<string?> ns = MeshFinder.NamespaceOption();
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("exec", "Run a command inside a pod") { mesh, ns, output, pod, words };
        command.SetBody((parsed, _) => Attached.RunAsync(
            MeshFinder.Find(parsed.GetValue(mesh)),
            new ControlRequest
            {
                Verb = "exec",
                Target = parsed.GetRequiredValue(pod),
                Namespace = parsed.GetValue(ns) ?? "default",
                Command = [.. parsed.GetRequiredValue(words)],
                Environment = RunCommand.TerminalEnvironment(),
            },
            parsed.GetValue(output)));
        return command;
    }
}
