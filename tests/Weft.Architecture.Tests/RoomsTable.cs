using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Weft.Architecture.Tests;

/// <summary>A row of the table in docs/architecture.md.</summary>
internal sealed record Room(int Layer, string Name, IReadOnlySet<string> MayReference, bool IsUnsafe);

/// <summary>The rooms as docs/architecture.md tells them.</summary>
internal static partial class RoomsTable
{
    public static IReadOnlyDictionary<string, Room> Read() =>
        File.ReadLines(Path.Combine(Checkout.Root, "docs", "architecture.md"))
            .Select(line => Row().Match(line))
            .Where(match => match.Success)
            .Select(match => new Room(
                int.Parse(match.Groups["layer"].ValueSpan),
                match.Groups["room"].Value,
                Name().Matches(match.Groups["uses"].Value).Select(name => name.Groups[1].Value).ToHashSet(),
                match.Groups["unsafe"].Value.Trim() == "yes"))
            .ToDictionary(room => room.Name);

    [GeneratedRegex(@"^\| L(?<layer>\d) \| `(?<room>[^`]+)` \| [^|]* \| (?<uses>[^|]*)\| (?<unsafe>[^|]*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();
}
