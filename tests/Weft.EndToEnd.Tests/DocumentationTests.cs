using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

/// <summary>What the documents promise a reader: the commands of the README work as they stand there, docs/cli.md has the commands that there are, links lead somewhere.</summary>
[Collection(nameof(GridMesh))]
public sealed partial class DocumentationTests(GridMesh mesh)
{
    private const string Door = "localhost:8080";

    [Fact]
    public async Task Readme_CommandsUnderUseIt_WorkAsTheyStand()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string[][] commands = [.. ConsoleLines(await ReadAsync("README.md"), "## Use it").Select(Words)];
        Assert.Contains(commands, command => command[0] == "curl");
        Assert.Contains(commands, command => command[0] == "./weft");

        foreach (string[] command in commands)
        {
            Outcome outcome = command[0] == "./weft"
                ? await mesh.AskAsync(command[1], command[2..])
                : await Shell.RunAsync(command[0], command[1..].Select(word => word.Replace(Door, $"127.0.0.1:{mesh.HttpDoor}", StringComparison.Ordinal)));

            Assert.True(outcome.Code == 0, $"README: `{string.Join(' ', command)}` ended with {outcome.Code}: {outcome.Error}");
            Assert.True(outcome.Output.Trim().Length > 0, $"README: `{string.Join(' ', command)}` printed nothing");
        }
    }

    [Fact]
    public async Task CommandHeadings_OfCliPage_AreTheCommandsOfHelp()
    {
        Assert.SkipUnless(File.Exists(Checkout.Weft), "weft is not built");
        List<string[]> commands = await CommandsAsync([]);
        string[] headings = [.. Heading().Matches(await ReadAsync("docs/cli.md")).Select(match => match.Groups[1].Value)];
        Assert.NotEmpty(headings);

        foreach (string[] words in headings.Select(Words))
        {
            string[] named = Assert.Single(commands, names => names.Contains(words[1]));
            List<string[]> below = await CommandsAsync([words[1]]);
            if (below.Count > 0)
            {
                string[] told = words[2].Split('|');
                Assert.All(told, word => Assert.Contains(below, names => names.Contains(word)));
                Assert.All(below, names => Assert.True(names.Intersect(told).Any(), $"docs/cli.md: no heading for `weft {words[1]} {names[^1]}`"));
            }

            commands.Remove(named);
        }

        Assert.True(commands.Count == 0, $"docs/cli.md: no heading for {string.Join(", ", commands.Select(names => $"`weft {names[^1]}`"))}");
    }

    [Fact]
    public async Task RelativeLinks_OfReadmeAndPages_LeadToFiles()
    {
        string[] pages = ["README.md", .. Directory.EnumerateFiles(Path.Combine(Checkout.Root, "docs"), "*.md").Select(path => Path.GetRelativePath(Checkout.Root, path))];
        List<string> broken = [];
        foreach (string page in pages)
        {
            string folder = Path.GetDirectoryName(Path.Combine(Checkout.Root, page))!;
            foreach (string target in Link().Matches(await ReadAsync(page)).Select(match => match.Groups[1].Value))
            {
                string path = Path.Combine(folder, target);
                if (!target.Contains(':', StringComparison.Ordinal) && !File.Exists(path) && !Directory.Exists(path))
                {
                    broken.Add($"{page}: {target}");
                }
            }
        }

        Assert.Empty(broken);
    }

    private static Task<string> ReadAsync(string page) => File.ReadAllTextAsync(Path.Combine(Checkout.Root, page));

    /// <summary>The lines of the console blocks of one section.</summary>
    private static IEnumerable<string> ConsoleLines(string page, string heading)
    {
        bool isInSection = false, isInBlock = false;
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isInBlock = line == "```console";
            }
            else if (!isInBlock && line.StartsWith("## ", StringComparison.Ordinal))
            {
                isInSection = line == heading;
            }
            else if (isInSection && isInBlock && line.Trim().Length > 0)
            {
                yield return line;
            }
        }
    }

    /// <summary>Splits as a shell does, as far as the documents need it: blanks, single quotes, comments.</summary>
    private static string[] Words(string line) =>
        [.. Word().Matches(Comment().Replace(line, "")).Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Value)];

    /// <summary>The names of each command that help shows: <c>proxy-config</c> and <c>pc</c>.</summary>
    private static async Task<List<string[]>> CommandsAsync(string[] verb)
    {
        string help = (await Shell.RunAsync(Checkout.Weft, [.. verb, "--help"])).Expect();
        int start = help.IndexOf("Commands:\n", StringComparison.Ordinal);
        return start < 0 ? [] : [.. Names().Matches(help[start..]).Select(match => match.Groups[1].Value.Split(", "))];
    }

    [GeneratedRegex(@"^## `(weft [^`]*)`$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\]\(([^)#\s]+)")]
    private static partial Regex Link();

    [GeneratedRegex(@"'([^']*)'|\S+")]
    private static partial Regex Word();

    [GeneratedRegex(@"(^|\s)#.*$")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^  ([a-z-]+(?:, [a-z-]+)*)", RegexOptions.Multiline)]
    private static partial Regex Names();
}
