using System;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

[Collection(nameof(GridMesh))]
public sealed class ConfigurationTests(GridMesh mesh)
{
    [Fact]
    public async Task CommentLine_Added_ChangesNoDigestPushesNothingAndExplainShowsTheNewLine()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        JsonElement before = await mesh.AskJsonAsync("proxy-status");
        int line = await CanaryLineAsync();
        await mesh.EditAsync("routing.yaml", text => "# a comment that changes nothing\n" + text);
        try
        {
            JsonElement after = await mesh.AskJsonAsync("proxy-status");

            Assert.Equal(before.GetProperty("acceptedDigest").GetString(), after.GetProperty("acceptedDigest").GetString());
            Assert.Equal(Pushes(before), Pushes(after));
            Assert.Equal(line + 1, await CanaryLineAsync());
        }
        finally
        {
            await mesh.RestoreAsync("routing.yaml");
        }
    }

    [Fact]
    public async Task SameFiles_WrittenAgain_PushNothing()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        JsonElement before = await mesh.AskJsonAsync("proxy-status");
        foreach (string file in Directory.EnumerateFiles(mesh.Directory, "*.yaml"))
        {
            await mesh.EditAsync(Path.GetFileName(file), text => text);
        }

        Assert.Equal(Pushes(before), Pushes(await mesh.AskJsonAsync("proxy-status")));
    }

    [Fact]
    public async Task BrokenObject_OnDisk_IsReportedWithItsPlaceAndTheLastGoodVersionServes()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string path = Path.Combine(mesh.Directory, "routing.yaml");
        await File.WriteAllTextAsync(path, (await File.ReadAllTextAsync(path)).Replace("weight: 10", "weight: ten", StringComparison.Ordinal));
        try
        {
            Outcome wait = await mesh.AskAsync("wait");
            string[] served = await mesh.ServedByAsync("web.grid", "http://forecast:8080/v1/day", 50, "x-canary: 1");

            Assert.NotEqual(0, wait.Code);
            Assert.Contains("routing.yaml:", wait.Error, StringComparison.Ordinal);
            Assert.Contains("forecast", wait.Error, StringComparison.Ordinal);
            Assert.All(served, line => Assert.StartsWith("200 forecast-v2/", line, StringComparison.Ordinal));
        }
        finally
        {
            await mesh.RestoreAsync("routing.yaml");
        }
    }

    private static string[] Pushes(JsonElement status) =>
        [.. status.GetProperty("proxies").EnumerateArray().Select(proxy => $"{proxy.GetProperty("proxy").GetString()} {proxy.GetProperty("digestSent").GetString()} {proxy.GetProperty("pushes").GetRawText()}").Order(StringComparer.Ordinal)];

    private async Task<int> CanaryLineAsync()
    {
        JsonElement answer = await mesh.AskJsonAsync("explain", "--from", "web.grid", "GET", "http://forecast:8080/v1/day", "-H", "x-canary: 1");
        return answer.GetProperty("steps").EnumerateArray().First(step => step.GetProperty("stage").GetString() == "route")
            .GetProperty("origins")[0].GetProperty("line").GetInt32();
    }
}
