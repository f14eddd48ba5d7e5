using System;
using System.CommandLine;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft wait</c>: returns when every proxy has acknowledged what is on disk; fails, naming it, if an object on disk was refused.</summary>
internal static class WaitCommand
{
    public static Command Create()
    {
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<int> timeout = new("--timeout") { Description = "seconds to wait", DefaultValueFactory = _ => 30 };
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("wait", "Wait until every proxy has acknowledged what is on disk") { mesh, timeout, output };
        command.SetBody(async (parsed, cancellation) =>
        {
            long begun = Stopwatch.GetTimestamp();
            string revision = await MeshFinder.SettleSourceAsync(parsed.GetValue(mesh), parsed.GetValue(timeout), cancellation);
            using SocketClient weftd = MeshFinder.ControlPlane(parsed.GetValue(mesh));
            var (status, body) = await weftd.AskAsync($"/debug/wait?resourceVersion={revision}&timeout={parsed.GetValue(timeout)}", cancellation);
            using (body)
            {
                TextWriter text = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(output) == OutputFormat.Json)
                {
                    JsonOutput.Write(text, body);
                    return status == HttpStatusCode.OK ? 0 : 1;
                }

                return Tell(status, body.RootElement, Stopwatch.GetElapsedTime(begun), text);
            }
        });
        return command;
    }

    private static int Tell(HttpStatusCode status, JsonElement body, TimeSpan took, TextWriter text)
    {
        if (status == HttpStatusCode.OK)
        {
            string digest = body.Text("acceptedDigest");
            text.WriteLine($"{body.Text("proxies")} proxies have acknowledged {(digest.Length > 12 ? digest[..12] : digest)} ({took.TotalMilliseconds:0} ms)");
            return 0;
        }

        foreach (JsonElement refused in body.List("refused"))
        {
            Console.Error.WriteLine(
                $"{refused.Text("file")}:{refused.Text("line")}:{refused.Text("column")}: {refused.Text("kind")} {refused.Text("namespace")}/{refused.Text("name")} was refused: {refused.Text("message")}");
        }

        if (body.List("waitingFor").Any())
        {
            Console.Error.WriteLine($"weft: not acknowledged yet by {string.Join(", ", body.List("waitingFor").Select(proxy => proxy.Text()))}. `weft proxy-status` shows what each one said.");
        }

        return 1;
    }
}
