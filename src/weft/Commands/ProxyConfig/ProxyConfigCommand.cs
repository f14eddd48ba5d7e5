using System;
using System.CommandLine;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;

namespace Weft.CommandLine.Commands.ProxyConfig;

/// <summary><c>weft proxy-config WHAT POD</c>: what a proxy really holds, asked from the proxy itself.</summary>
internal static class ProxyConfigCommand
{
    public static Command Create()
    {
        Command command = new("proxy-config", "Show the configuration that a proxy holds") { Aliases = { "pc" } };
        command.Add(Part("clusters", "clusters: who can be called", ClusterTable.Render, "cluster", "c"));
        command.Add(Part("listeners", "listeners and filter chains: how connections are told apart", ListenerTable.Render, "listener", "l"));
        command.Add(Part("routes", "routes, in the order in which they are tried", RouteTable.Render, "route", "r"));
        command.Add(Part("endpoints", "endpoints of every cluster", EndpointTable.Render, "endpoint", "ep"));
        command.Add(Part("secret", "certificates and trust bundles, never keys", SecretTable.Render, "secrets", "s"));
        command.Add(All());
        return command;
    }

    private static Command Part(string name, string description, Func<ConfigDump, DumpFilter, Columns> render, params string[] aliases)
    {
        DumpOptions options = new();
        Command command = options.AddTo(new Command(name, $"Show {description}"));
        foreach (string alias in aliases)
        {
            command.Aliases.Add(alias);
        }

        command.SetBody(async (parsed, cancellation) =>
        {
            using ConfigDump dump = await ReadAsync(options, parsed, cancellation);
            if (parsed.GetValue(options.Output) == OutputFormat.Json)
            {
                JsonOutput.Write(parsed.InvocationConfiguration.Output, json => Select(dump, name, json));
            }
            else
            {
                render(dump, options.Filter(parsed)).Write(parsed.InvocationConfiguration.Output);
            }

            return 0;
        });
        return command;
    }

    private static Command All()
    {
        DumpOptions options = new();
        Command command = options.AddTo(new Command("all", "Show everything") { Aliases = { "a" } });
        command.SetBody(async (parsed, cancellation) =>
        {
            using ConfigDump dump = await ReadAsync(options, parsed, cancellation);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(options.Output) == OutputFormat.Json)
            {
                JsonOutput.Write(output, dump.Root.WriteTo);
                return 0;
            }

            DumpFilter filter = options.Filter(parsed);
            foreach (Columns table in new[]
            {
                ClusterTable.Render(dump, filter), ListenerTable.Render(dump, filter), RouteTable.Render(dump, filter),
                EndpointTable.Render(dump, filter), SecretTable.Render(dump, filter),
            })
            {
                table.Write(output);
                output.WriteLine();
            }

            return 0;
        });
        return command;
    }

    private static async Task<ConfigDump> ReadAsync(DumpOptions options, ParseResult parsed, CancellationToken cancellation)
    {
        if (parsed.GetValue(options.File) is { } file)
        {
            await using FileStream saved = File.OpenRead(file);
            return new(await JsonDocument.ParseAsync(saved, default, cancellation));
        }

        string pod = parsed.GetValue(options.Pod) ?? throw new CommandException("say which pod, for example: weft proxy-config clusters web.grid (or --file DUMP)", 2);
        using SocketClient admin = await MeshFinder.AdminOfAsync(parsed.GetValue(options.Mesh), pod, parsed.GetValue(options.Namespace), cancellation);
        return new(await admin.GetJsonAsync("/config_dump?include_eds", cancellation));
    }

    private static void Select(ConfigDump dump, string part, Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (JsonElement element in part switch
        {
            "clusters" => dump.Clusters(),
            "listeners" => dump.Listeners(),
            "routes" => dump.Routes(),
            "endpoints" => dump.Endpoints(),
            _ => dump.Secrets(),
        })
        {
            element.WriteTo(json);
        }

        json.WriteEndArray();
    }
}
