using System;
using System.Collections.Generic;
using System.CommandLine;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Local.Control;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft run -- CMD</c>: gives one more process an identity and a sidecar in the running mesh.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Argument<string[]> words = new("CMD") { Description = "the command and its arguments, after --", Arity = ArgumentArity.OneOrMore };
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<string> ns = new("--namespace", "-n") { Description = "namespace it lives in", DefaultValueFactory = _ => "default" };
        Option<string> account = new("--service-account") { Description = "whose identity it has", DefaultValueFactory = _ => "default" };
        Option<string[]> labels = new("--labels", "-l") { Description = "labels of its pod: app=x,version=y" };
        Option<bool> noSidecar = new("--no-sidecar") { Description = "no proxy and no redirection: a client outside the mesh" };
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("run", "Run a command as one more pod of the mesh") { mesh, ns, account, labels, noSidecar, output, words };
        command.SetBody((parsed, _) => Attached.RunAsync(
            MeshFinder.Find(parsed.GetValue(mesh)),
            new ControlRequest
            {
                Verb = "run",
                Namespace = parsed.GetRequiredValue(ns),
                ServiceAccount = parsed.GetRequiredValue(account),
                Labels = LabelsOf(parsed.GetValue(labels) ?? []),
                NoSidecar = parsed.GetValue(noSidecar),
                Command = [.. parsed.GetRequiredValue(words)],
                Environment = TerminalEnvironment(),
            },
            parsed.GetValue(output)));
        return command;
    }

    /// <summary>What a program at the other end of a passed terminal needs to know of it.</summary>
    public static Dictionary<string, string> TerminalEnvironment() =>
        Environment.GetEnvironmentVariable("TERM") is { Length: > 0 } term ? new() { ["TERM"] = term } : [];

    private static Dictionary<string, string> LabelsOf(IEnumerable<string> values)
    {
        Dictionary<string, string> labels = [];
        foreach (string value in values)
        {
            foreach (string pair in value.Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                string[] parts = pair.Split('=', 2);
                labels[parts[0]] = parts.Length == 2 ? parts[1] : throw new CommandException($"--labels {value}: write key=value,key=value", exitCode: 2);
            }
        }

        return labels;
    }
}
