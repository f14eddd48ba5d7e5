using System;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

/// <summary>Criterion 6 where it takes the real proxy; the rest of it is in Weft.Local.Tests.</summary>
[Collection(nameof(GridMesh))]
public sealed class WallTests(GridMesh mesh)
{
    [Theory]
    [InlineData("/quitquitquit")]
    [InlineData("/drain_listeners")]
    [InlineData("/healthcheck/fail")]
    [InlineData("/logging?level=trace")]
    public async Task Workload_ChangingItsProxyThroughTheAdminPort_IsForbiddenAndTrafficGoesOn(string verb)
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Outcome asked = await mesh.ExecAsync("web.grid", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "http://127.0.0.1:15000" + verb);

        Assert.Equal("403", asked.Expect());
        Assert.StartsWith("200 ", (await mesh.ServedByAsync("web.grid", "http://forecast:8080/v1/day", 1))[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Workload_AskingForTheProxysKey_FindsNone()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Outcome asked = await mesh.ExecAsync("web.grid", "sh", "-c",
            "for page in certs config_dump memory server_info; do curl -s http://127.0.0.1:15000/$page; done; cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n'");

        Assert.DoesNotContain("PRIVATE KEY", asked.Expect(), StringComparison.Ordinal);
        Assert.DoesNotContain("--token-file", asked.Output, StringComparison.Ordinal);
    }
}
