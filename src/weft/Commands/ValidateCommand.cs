using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using Weft.CommandLine.Output;
using Weft.Config;

namespace Weft.CommandLine.Commands;

/// <summary><c>weft validate -f FILE|DIR</c>: reads manifests as <c>weft up</c> does and says everything that is wrong, with places.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        Option<string[]> files = new("--filename", "-f") { Description = "a file or a folder of YAML or JSON; - is standard input", Required = true, AllowMultipleArgumentsPerToken = true };
        Option<OutputFormat> output = OutputOption.Create();
        Command command = new("validate", "Check manifests without applying them") { files, output };
        command.Aliases.Add("v");
        command.SetAction(parsed =>
        {
            List<Diagnostic> found = [];
            foreach (string path in parsed.GetValue(files)!.SelectMany(Expand))
            {
                if (path != "-" && !File.Exists(path))
                {
                    Console.Error.WriteLine($"weft: there is no file or folder {path}");
                    return 2;
                }

                found.AddRange(Read(path));
            }

            bool isValid = found.All(diagnostic => diagnostic.Severity != DiagnosticSeverity.Error);
            if (parsed.GetValue(output) == OutputFormat.Json)
            {
                JsonOutput.Write(parsed.InvocationConfiguration.Output, json => DiagnosticJson.Write(json, found));
            }
            else
            {
                found.ForEach(diagnostic => parsed.InvocationConfiguration.Output.WriteLine(diagnostic));
                parsed.InvocationConfiguration.Output.WriteLine(isValid ? "valid" : $"{found.Count(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)} errors");
            }

            return isValid ? 0 : 1;
        });
        return command;
    }

    private static IEnumerable<string> Expand(string path) =>
        Directory.Exists(path)
            ? Directory.EnumerateFiles(path).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json").Order(StringComparer.Ordinal)
            : [path];

    private static IEnumerable<Diagnostic> Read(string path)
    {
        string text = path == "-" ? Console.In.ReadToEnd() : File.ReadAllText(path);
        ParsedDocuments documents = YamlReader.Read(text, path == "-" ? "stdin" : path);
        foreach (Diagnostic diagnostic in documents.Diagnostics)
        {
            yield return diagnostic;
        }

        foreach (ResourceNode document in documents.Documents)
        {
            foreach (Diagnostic diagnostic in ResourceReader.Read(document, ReadOptions.FromFile with { File = path }).Diagnostics)
            {
                yield return diagnostic;
            }
        }
    }
}
