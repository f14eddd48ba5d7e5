using System;
using System.Collections.Generic;
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
            using JsonDocument source = await MeshFinder.SettleSourceAsync(parsed.GetValue(mesh), parsed.GetValue(timeout), cancellation);
            using SocketClient weftd = MeshFinder.ControlPlane(parsed.GetValue(mesh));
            var (status, body) = await weftd.AskAsync($"/debug/wait?resourceVersion={source.RootElement.Text("revision")}&timeout={parsed.GetValue(timeout)}", cancellation);
            using (body)
            {
                List<JsonElement> refused = [.. source.RootElement.List("refused"), .. body.RootElement.List("refused")];
                TextWriter text = parsed.InvocationConfiguration.Output;
                if (parsed.GetValue(output) == OutputFormat.Json)
                {
                    JsonOutput.Write(text, json => WriteJson(json, body.RootElement, refused));
                }
                else
                {
                    Tell(status, body.RootElement, refused, Stopwatch.GetElapsedTime(begun), text);
                }

                return status == HttpStatusCode.OK && refused.Count == 0 ? 0 : 1;
            }
        });
        return command;
    }

    private static void Tell(HttpStatusCode status, JsonElement body, List<JsonElement> refused, TimeSpan took, TextWriter text)
    {
        foreach (JsonElement one in refused)
        {
            Console.Error.WriteLine(
                $"{one.Text("file")}:{one.Text("line")}:{one.Text("column")}: {one.Text("kind")} {one.Text("namespace")}/{one.Text("name")} was refused: {one.Text("message")}");
        }

        if (status == HttpStatusCode.OK)
        {
            string digest = body.Text("acceptedDigest");
            text.WriteLine($"{body.Text("proxies")} proxies have acknowledged {(digest.Length > 12 ? digest[..12] : digest)} ({took.TotalMilliseconds:0} ms)");
        }
        else if (body.List("waitingFor").Any())
        {
            Console.Error.WriteLine($"weft: not acknowledged yet by {string.Join(", ", body.List("waitingFor").Select(proxy => proxy.Text()))}. `weft proxy-status` shows what each one said.");
        }
    }

    private static void WriteJson(Utf8JsonWriter json, JsonElement body, List<JsonElement> refused)
    {
        json.WriteStartObject();
        foreach (JsonProperty member in body.EnumerateObject().Where(member => member.Name != "refused"))
        {
            member.WriteTo(json);
        }

        json.WriteStartArray("refused");
        refused.ForEach(one => one.WriteTo(json));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
