using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Tests.Support;

namespace Weft.Policy.Tests.Decide;

public class NameTableTests
{
    [Theory]
    [InlineData("forecast.grid.svc.cluster.local", "10.96.0.1")]
    [InlineData("Forecast.Grid.svc.cluster.local.", "10.96.0.1")]
    [InlineData("x.wild.example", "10.96.0.2")]
    [InlineData("a.b.wild.example", "10.96.0.2")]
    [InlineData("deep.x.wild.example", "10.96.0.3")]   // *.x.wild.example is longer
    [InlineData("wild.example", "unknown")]
    [InlineData("other", "unknown")]
    [InlineData("", "unknown")]
    public void Find_Name_ExactThenLongestWildcard(string name, string expected)
    {
        var config = new NameTableConfig();
        config.Entries.Add(Entry("forecast.grid.svc.cluster.local", "10.96.0.1"));
        config.Entries.Add(Entry("*.wild.example", "10.96.0.2"));
        config.Entries.Add(Entry("*.x.wild.example", "10.96.0.3"));
        BlockImage image = Compiled.Of(config);
        var table = new NameTableView(new BlockView(image.Bytes));

        int found = table.Find(Compiled.Utf8(name));

        Assert.Equal(expected, found < 0 ? "unknown" : table.Addresses(table.Entries[found])[0].Network.ToString());
    }

    [Fact]
    public void Find_ManyNames_FindsEach()
    {
        var config = new NameTableConfig();
        for (int i = 0; i < 2000; i++)
            config.Entries.Add(Entry($"s{i}.grid", "10.0.0.1"));
        BlockImage image = Compiled.Of(config);

        Assert.All(Enumerable.Range(0, 2000), i => Assert.True(new NameTableView(new BlockView(image.Bytes)).Find(Compiled.Utf8($"s{i}.grid")) >= 0));
    }

    private static NameTableEntry Entry(string host, string address) => new(host, [IpAddress.Parse(address)], "Kubernetes", "", "grid");
}
