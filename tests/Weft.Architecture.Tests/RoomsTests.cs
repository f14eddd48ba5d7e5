using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

namespace Weft.Architecture.Tests;

public sealed class RoomsTests
{
    private static readonly IReadOnlyDictionary<string, Room> Rooms = RoomsTable.Read();

    private static IEnumerable<(string Name, XDocument Project)> Projects() =>
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .Select(path => (Path.GetFileNameWithoutExtension(path), XDocument.Load(path)));

    [Fact]
    public void RoomsTable_EveryProjectUnderSrc_HasARowAndEveryRowAProject() =>
        Assert.Equal(Projects().Select(project => project.Name).Order(), Rooms.Keys.Order());

    [Fact]
    public void ProjectReferences_ComparedWithTheTable_AreThoseItAllows()
    {
        foreach (var (name, project) in Projects())
        {
            string[] used = [.. project.Descendants("ProjectReference").Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))];
            string[] forbidden = [.. used.Except(Rooms[name].MayReference)];
            Assert.True(forbidden.Length == 0, $"{name} references {string.Join(", ", forbidden)}, which docs/architecture.md does not allow");
        }
    }

    [Fact]
    public void RoomsTable_Layers_OnlyPointDownOrSideways()
    {
        foreach (Room room in Rooms.Values)
        {
            Assert.All(room.MayReference, used => Assert.True(Rooms[used].Layer <= room.Layer, $"{room.Name} (L{room.Layer}) may not use {used}"));
        }
    }

    [Fact]
    public void UnsafeCode_ByProject_IsAllowedOnlyWhereTheTableSaysSo()
    {
        string[] allowed = [.. Projects().Where(project => project.Project.Descendants("AllowUnsafeBlocks").Any(flag => flag.Value == "true")).Select(project => project.Name).Order()];
        Assert.Equal(Rooms.Values.Where(room => room.IsUnsafe).Select(room => room.Name).Order(), allowed);
    }

    [Fact]
    public void XdsAndGrpc_InTheProxy_AreSeenByDiscoveryOnly()
    {
        string proxy = Path.Combine(Checkout.Root, "src", "Weft.Proxy");
        string[] offenders = [.. Sources(proxy)
            .Where(path => !path.StartsWith(Path.Combine(proxy, "Discovery"), System.StringComparison.Ordinal))
            .Where(path => File.ReadLines(path).Any(line => line.StartsWith("using Grpc", System.StringComparison.Ordinal) || line.StartsWith("using Google", System.StringComparison.Ordinal) || line.StartsWith("using Weft.Xds", System.StringComparison.Ordinal)))
            .Select(path => Path.GetRelativePath(proxy, path))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void CodecsAndPolicy_Sources_UseNoClockChanceOrTask()
    {
        string[] banned = ["DateTime.UtcNow", "DateTime.Now", "Stopwatch", "Random.Shared", "new Random(", "Task.Run", "ILogger", "Environment.TickCount"];
        string[] offenders = [.. new[] { "Weft.Http", "Weft.Policy" }
            .SelectMany(room => Sources(Path.Combine(Checkout.Root, "src", room)))
            .SelectMany(path => File.ReadLines(path)
                .Where(line => !line.TrimStart().StartsWith("//", System.StringComparison.Ordinal) && banned.Any(line.Contains))
                .Select(line => $"{Path.GetFileName(path)}: {line.Trim()}"))];
        Assert.Empty(offenders);
    }

    [Fact]
    public void Packages_InProjects_CarryNoVersionOfTheirOwn() =>
        Assert.All(Projects(), project => Assert.DoesNotContain(project.Project.Descendants("PackageReference"), package => package.Attribute("Version") is not null));

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", System.StringComparison.Ordinal) && !path.Contains("/bin/", System.StringComparison.Ordinal));
}
