using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

[Collection(nameof(GridMesh))]
public sealed class SecurityTests(GridMesh mesh)
{
    private const string Canary = "planted-canary-7f3a91";

    [Fact]
    public async Task BetweenPods_Capture_ShowsTls13WithTheClusterAsSniAndNeverThePayload()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump"), "tcpdump is not installed");
        await using Capture capture = await Capture.StartAsync(mesh, "forecast-v1");
        // A caller with a sidecar of its own, so that the capture has the handshake of a connection that is not pooled yet.
        Outcome called = await mesh.WeftAsync(["run", "--mesh", mesh.Directory, "--namespace", "grid", "--service-account", "web", "--",
            "curl", "-s", "-o", "/dev/null", "-w", "%{http_code} %header{x-served-by}\\n", "-H", $"x-secret: {Canary}", "http://forecast:8080/v1/day?n=[1-60]"]);
        byte[] packets = await capture.StopAsync();

        Assert.Contains("200 forecast-v1/", called.Expect(), StringComparison.Ordinal);
        Assert.True(packets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(Canary)) < 0, "the canary string crossed the wire in plaintext");
        Assert.True(packets.AsSpan().IndexOf("outbound_.8080_.v1_.forecast.grid.svc.cluster.local"u8) >= 0, "no ClientHello with the cluster's SNI was captured");
        // supported_versions of a ServerHello: extension 43, two bytes, TLS 1.3 (RFC 8446 section 4.2.1).
        Assert.True(packets.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x00, 0x2b, 0x00, 0x02, 0x03, 0x04]) >= 0, "no ServerHello chose TLS 1.3");
    }

    [Fact]
    public async Task AccessLogs_OfBothSides_NameTheOthersVerifiedIdentity()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        string id = Guid.NewGuid().ToString();
        (await mesh.ExecAsync("web.grid", "curl", "-sf", "-H", "x-canary: 1", "-H", $"x-request-id: {id}", "http://forecast:8080/v1/day")).Expect();

        JsonElement client = Assert.Single(await mesh.AccessLogAsync("web.grid", id)), server = Assert.Single(await mesh.AccessLogAsync("forecast-v2.grid", id));
        Assert.Equal("spiffe://cluster.local/ns/grid/sa/forecast", client.GetProperty("upstream_peer_uri_san").GetString());
        Assert.Equal("spiffe://cluster.local/ns/grid/sa/web", server.GetProperty("downstream_peer_uri_san").GetString());
    }

    [Fact]
    public async Task PlaintextToAStrictPort_WithoutASidecar_IsRefusedCountedAndLogged()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Outcome plain = await mesh.WeftAsync(["run", "--mesh", mesh.Directory, "--namespace", "grid", "--no-sidecar", "--", "curl", "-s", "-m", "5", "http://forecast:8080/v1/day"]);

        Assert.NotEqual(0, plain.Code);
        Outcome logs = await mesh.AskAsync("logs", "forecast-v1.grid", "-c", "istio-proxy");
        Outcome other = await mesh.AskAsync("logs", "forecast-v2.grid", "-c", "istio-proxy");
        Assert.Contains("PeerAuthentication", logs.Output + other.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permissive_PlaintextAndMutualTls_AreBothTaken()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        await mesh.EditAsync("security.yaml", text => text.Replace("STRICT", "PERMISSIVE", StringComparison.Ordinal));
        try
        {
            Outcome plain = await mesh.WeftAsync(["run", "--mesh", mesh.Directory, "--namespace", "grid", "--no-sidecar", "--", "curl", "-sf", "-m", "5", "http://forecast:8080/v1/day"]);
            Outcome mutual = await mesh.ExecAsync("web.grid", "curl", "-sf", "http://forecast:8080/v1/day");

            Assert.Contains("demand-v", plain.Expect(), StringComparison.Ordinal);
            Assert.Contains("demand-v", mutual.Expect(), StringComparison.Ordinal);
        }
        finally
        {
            await mesh.RestoreAsync("security.yaml");
        }
    }
}
