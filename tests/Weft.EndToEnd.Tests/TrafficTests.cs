using System;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

[Collection(nameof(GridMesh))]
public sealed class TrafficTests(GridMesh mesh)
{
    [Fact]
    public async Task Gateway_CurlOnTheDoor_ShowsTheSample()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string page = await mesh.Browser.GetStringAsync("/");

        Assert.Contains("The grid now", page, StringComparison.Ordinal);
        Assert.DoesNotContain("failed:", page, StringComparison.Ordinal);
        Assert.Contains("served by: forecast", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_PostThroughFourProxiesAndRedis_IsKept()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        using StringContent entry = new("""{"plant":"hydro","megawattHours":65,"cents":481000}""", Encoding.UTF8, "application/json");
        using HttpResponseMessage settled = await mesh.Browser.PostAsync("/api/settle", entry);

        Assert.Equal(HttpStatusCode.Created, settled.StatusCode);
        Assert.Contains("\"plant\":\"hydro\"", await settled.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Split_TwoThousandRequestsAt90To10_IsWithinStatisticalError()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string[] served = await mesh.ServedByAsync("web.grid", "http://forecast:8080/v1/day", 2000);

        Assert.Equal(2000, served.Count(line => line.StartsWith("200 forecast-v", StringComparison.Ordinal)));
        // Four standard deviations of a binomial(2000, 0.1): 200 ± 54.
        Assert.InRange(served.Count(line => line.Contains("forecast-v2/", StringComparison.Ordinal)), 146, 254);
    }

    [Fact]
    public async Task Canary_HeaderMatch_AlwaysGetsV2()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string[] served = await mesh.ServedByAsync("web.grid", "http://forecast:8080/v1/day", 50, "x-canary: 1");

        Assert.All(served, line => Assert.StartsWith("200 forecast-v2/", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Weights_EditedUnderConstantLoad_MoveWithinASecondAndFailNothing()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Task<string[]> load = mesh.ServedByAsync("dispatch.grid", "http://forecast:8080/v1/day", 6000);
        TimeSpan took = await mesh.EditAsync("routing.yaml", text => text.Replace("weight: 90", "weight: 50", StringComparison.Ordinal).Replace("weight: 10", "weight: 50", StringComparison.Ordinal));
        try
        {
            string[] after = await mesh.ServedByAsync("web.grid", "http://forecast:8080/v1/day", 400);

            Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
            Assert.InRange(after.Count(line => line.Contains("forecast-v2/", StringComparison.Ordinal)), 160, 240);
            Assert.All(await load, line => Assert.StartsWith("200 forecast-v", line, StringComparison.Ordinal));
        }
        finally
        {
            await mesh.RestoreAsync("routing.yaml");
        }
    }
}
