using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Local;

namespace Weft.CommandLine.Machine;

/// <summary><c>weft logs web.grid [-c istio-proxy] [-f]</c>: what a workload or its proxy wrote; <c>weftd</c> and <c>machine</c> name those two.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan FollowPace = TimeSpan.FromMilliseconds(100);

    public static Command Create()
    {
        Argument<string> pod = new("POD") { Description = "web.grid, deploy/web; or weftd, machine" };
        Option<string> container = new("--container", "-c") { Description = "app, or istio-proxy for its proxy" };
        Option<bool> follow = new("--follow", "-f") { Description = "go on as lines come" };
        Option<int?> tail = new("--tail") { Description = "only so many of the last lines" };
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<string?> ns = MeshFinder.NamespaceOption();
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("logs", "Print the log of a pod") { pod, container, follow, tail, mesh, ns, output };
        command.SetBody(async (parsed, cancellation) =>
        {
            MeshPaths paths = MeshFinder.Find(parsed.GetValue(mesh));
            string file = await FileOfAsync(paths, parsed.GetRequiredValue(pod), parsed.GetValue(ns), parsed.GetValue(container), cancellation);
            List<string> lines = ReadLines(file);
            IEnumerable<string> shown = parsed.GetValue(tail) is { } count ? lines.TakeLast(count) : lines;
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                WriteJson(parsed.GetRequiredValue(pod), parsed.GetValue(container) ?? "app", shown);
                return 0;
            }

            foreach (string line in shown)
            {
                Console.Out.WriteLine(line);
            }

            if (parsed.GetValue(follow))
            {
                await FollowAsync(file, cancellation);
            }

            return 0;
        });
        return command;
    }

    private static async Task<string> FileOfAsync(MeshPaths paths, string target, string? ns, string? container, CancellationToken cancellation)
    {
        if (target == "weftd")
        {
            return paths.WeftdLog;
        }

        if (target == "machine")
        {
            return paths.MachineLog;
        }

        PodName name = await PodName.ResolveAsync(paths, target, ns, cancellation);
        string app = paths.AppLog(name.Namespace, name.Name);
        return container switch
        {
            "istio-proxy" or "weft-proxy" or "proxy" => paths.ProxyLog(name.Namespace, name.Name),
            // A gateway has only its proxy.
            null => File.Exists(app) ? app : paths.ProxyLog(name.Namespace, name.Name),
            _ => app,
        };
    }

    private static List<string> ReadLines(string file) =>
        (IEnumerable<string>)[file + ".1", file] is var parts ? [.. parts.Where(File.Exists).SelectMany(File.ReadLines)] : [];

    /// <summary>Until interrupted, or until the file goes with its pod. A file that became shorter was rotated: it is read from its start.</summary>
    private static async Task FollowAsync(string file, CancellationToken cancellation)
    {
        long position = File.Exists(file) ? new FileInfo(file).Length : 0;
        byte[] buffer = new byte[64 * 1024];
        await using Stream output = Console.OpenStandardOutput();
        while (!cancellation.IsCancellationRequested && File.Exists(file))
        {
            using (FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
            {
                stream.Position = position = stream.Length < position ? 0 : position;
                for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0; position += read)
                {
                    await output.WriteAsync(buffer.AsMemory(0, read), cancellation);
                }
            }

            await Task.Delay(FollowPace, cancellation);
        }
    }

    private static void WriteJson(string pod, string container, IEnumerable<string> lines) => JsonOutput.Write(Console.Out, json =>
    {
        json.WriteStartObject();
        json.WriteString("pod", pod);
        json.WriteString("container", container);
        json.WriteStartArray("lines");
        foreach (string line in lines)
        {
            json.WriteStringValue(line);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
