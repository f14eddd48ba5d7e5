using System;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Explain;
using Weft.CommandLine.Mesh;
using Weft.CommandLine.Output;
using Weft.Local;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft explain</c>: why a request goes where it goes, by the engine that the proxies run, with object, field, file and line.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Option<string> from = new("--from") { Description = "the calling pod or workload, NAME.NAMESPACE", Required = true };
        Argument<string> method = new("METHOD") { Description = "GET, POST, …; or - to read requests from standard input, one a line" };
        Argument<string?> url = new("URL") { Description = "as the workload would write it: http://forecast:8080/v1/day", Arity = ArgumentArity.ZeroOrOne };
        Option<string[]> headers = new("--header", "-H") { Description = "NAME: VALUE (repeatable)", DefaultValueFactory = _ => [] };
        Option<string?> requestId = new("--request-id") { Description = "x-request-id of the request: seeds the draws" };
        Option<string?> ns = MeshFinder.NamespaceOption(), mesh = MeshFinder.MeshOption();
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("explain", "Say why a request goes where it goes") { method, url, from, headers, requestId, ns, mesh, output };
        command.SetBody(async (parsed, cancellation) =>
        {
            MeshPaths paths = MeshFinder.Find(parsed.GetValue(mesh));
            PodName pod = await PodName.ResolveAsync(paths, parsed.GetValue(from)!, parsed.GetValue(ns), cancellation);
            using Explainer explainer = await Explainer.LoadAsync(paths, pod, cancellation);
            TextWriter text = parsed.InvocationConfiguration.Output;
            bool isJson = parsed.GetValue(output) == OutputFormat.Json;
            if (parsed.GetValue(method) == "-")
            {
                return await ManyAsync(explainer, Console.In, text, cancellation);
            }

            ExplainRequest request = ExplainRequest.Parse(parsed.GetValue(method)!,
                parsed.GetValue(url) ?? throw new CommandException("say which URL, for example http://forecast:8080/v1/day", 2), parsed.GetValue(headers)!, parsed.GetValue(requestId));
            Report report = await explainer.ExplainAsync(request, cancellation);
            if (isJson)
            {
                JsonOutput.Write(text, json => ReportJson.Write(report, json));
            }
            else
            {
                ReportText.Write(report, text);
            }

            return report.Answer.Length == 0 ? 0 : 1;
        });
        return command;
    }

    /// <summary>METHOD URL REQUEST-ID and headers, separated by tabs; one JSON object a line comes back.</summary>
    private static async Task<int> ManyAsync(Explainer explainer, TextReader lines, TextWriter text, CancellationToken cancellation)
    {
        while (await lines.ReadLineAsync(cancellation) is { } line)
        {
            string[] fields = line.Split('\t');
            if (fields.Length < 2)
            {
                throw new CommandException($"'{line}' is not METHOD, URL, REQUEST-ID and headers separated by tabs", 2);
            }

            string? requestId = fields.Length > 2 && fields[2].Length > 0 ? fields[2] : null;
            Report report = await explainer.ExplainAsync(ExplainRequest.Parse(fields[0], fields[1], fields.Skip(3), requestId), cancellation);
            using MemoryStream bytes = new();
            using (Utf8JsonWriter json = new(bytes))
            {
                ReportJson.Write(report, json);
            }

            await text.WriteLineAsync(System.Text.Encoding.UTF8.GetString(bytes.ToArray()));
        }

        return 0;
    }
}
