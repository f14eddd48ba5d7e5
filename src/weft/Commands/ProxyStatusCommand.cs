using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft proxy-status</c>: whether each proxy has what it should have, type by type, and if not, what it said.</summary>
internal static class ProxyStatusCommand
{
    private static readonly string[] Types = ["CDS", "LDS", "EDS", "RDS", "VHDS"];

    public static Command Create()
    {
        Argument<string?> pod = new("POD") { Description = "only this pod (NAME.NAMESPACE)", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> mesh = MeshFinder.MeshOption();
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("proxy-status", "Show whether every proxy is in step with the control plane") { pod, mesh, output };
        command.Aliases.Add("ps");
        command.SetBody(async (parsed, cancellation) =>
        {
            using SocketClient weftd = MeshFinder.ControlPlane(parsed.GetValue(mesh));
            using JsonDocument status = await weftd.GetJsonAsync("/debug/syncz", cancellation);
            TextWriter text = parsed.InvocationConfiguration.Output;
            List<JsonElement> proxies = [.. status.RootElement.List("proxies").Where(proxy => Takes(proxy, parsed.GetValue(pod)))];
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                JsonOutput.Write(text, status);
            }
            else
            {
                Write(proxies, text);
            }

            return 0;
        });
        return command;
    }

    private static bool Takes(JsonElement proxy, string? pod) =>
        pod is null || proxy.Text("proxy") == pod || proxy.Text("proxy").StartsWith(pod.Split('.')[0] + "-", StringComparison.Ordinal);

    private static void Write(List<JsonElement> proxies, TextWriter text)
    {
        if (proxies.Count == 0)
        {
            text.WriteLine("No proxy is connected. `weft logs POD -c istio-proxy` says why one is not.");
            return;
        }

        Columns table = new(["NAME", .. Types, "DIGEST", "VERSION", "CONNECTED"]);
        foreach (JsonElement proxy in proxies)
        {
            table.Add([
                proxy.Text("proxy"), .. Types.Select(type => proxy.At("types." + type).Text("status") is { Length: > 0 } status ? status : "-"),
                Short(proxy.Text("digestAcked")), proxy.Text("version"), Age(proxy.Number("connectedSeconds")),
            ]);
        }

        table.Write(text);
        foreach (JsonElement proxy in proxies)
        {
            foreach (JsonProperty type in proxy.Members("types").Where(type => type.Value.Text("error").Length > 0))
            {
                text.WriteLine($"{proxy.Text("proxy")} refused {type.Name}: {type.Value.Text("error")}");
            }
        }
    }

    private static string Short(string digest) => digest.Length > 12 ? digest[..12] : digest.Length == 0 ? "-" : digest;

    private static string Age(double seconds) => seconds < 120 ? $"{seconds:0}s" : seconds < 7200 ? $"{seconds / 60:0}m" : $"{seconds / 3600:0}h";
}
