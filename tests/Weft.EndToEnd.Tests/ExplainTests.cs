using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;

namespace Weft.EndToEnd.Tests;

[Collection(nameof(GridMesh))]
public sealed class ExplainTests(GridMesh mesh)
{
    private const int Requests = 1000;

    [Fact]
    public async Task ThousandSeededRequests_ExplainedThenSent_GetTheSameRouteClusterSubsetAndANamedEndpoint()
    {
        Assert.SkipWhen(mesh.Obstacle is not null, mesh.Obstacle ?? "");
        Asked[] requests = [.. Seeded()];
        Outcome explained = await mesh.WeftAsync(["explain", "--mesh", mesh.Directory, "--from", "web.grid", "-"],
            string.Concat(requests.Select(request => $"{request.Method}\t{request.Url}\t{request.Id}{string.Concat(request.Headers.Select(header => "\t" + header))}\n")), seconds: 120);
        Dictionary<string, JsonElement> answers = explained.Expect().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(answer => answer.GetProperty("request").GetProperty("requestId").GetString()!);

        Outcome sent = await mesh.WeftAsync(["exec", "--mesh", mesh.Directory, "web.grid", "--", "curl", "-s", "-K", "-"], CurlConfig(requests), seconds: 120);
        sent.Expect();
        Dictionary<string, JsonElement> logged = [];
        foreach (JsonElement line in await mesh.AccessLogAsync("web.grid", "e2e-"))
        {
            logged[line.GetProperty("request_id").GetString()!] = line;
        }

        Assert.Equal(Requests, answers.Count);
        foreach (Asked request in requests)
        {
            JsonElement result = answers[request.Id].GetProperty("result"), real = logged[request.Id];
            Assert.Equal(result.GetProperty("route").GetString(), real.GetProperty("route_name").GetString());
            Assert.Equal(result.GetProperty("cluster").GetString(), real.GetProperty("upstream_cluster").GetString());
            Assert.Contains(real.GetProperty("upstream_host").GetString(), result.GetProperty("endpoints").EnumerateArray().Select(endpoint => endpoint.GetString()));
        }

        Assert.Equal(2, answers.Values.Select(answer => answer.GetProperty("result").GetProperty("subset").GetString()).Where(subset => subset!.Length > 0).Distinct().Count());
    }

    /// <summary>The same thousand requests at every run.</summary>
    private static IEnumerable<Asked> Seeded()
    {
        Random random = new(20261123);
        string[] urls = ["http://forecast:8080/v1/day", "http://forecast.grid:8080/v1/day/7", "http://forecast.grid.svc.cluster.local:8080/v1/day?x=1", "http://meters:8080/v1/readings", "http://ledger/v1/entries", "http://dispatch:8080/healthz"];
        for (int i = 0; i < Requests; i++)
        {
            string[] headers = random.Next(5) switch { 0 => ["x-canary: 1"], 1 => ["x-canary: 0"], _ => [] };
            byte[] id = new byte[8];
            random.NextBytes(id);
            yield return new("GET", urls[random.Next(urls.Length)], $"e2e-{i}-{Convert.ToHexStringLower(id)}", headers);
        }
    }

    private static string CurlConfig(Asked[] requests)
    {
        StringBuilder config = new();
        foreach (Asked request in requests)
        {
            config.Append(config.Length > 0 ? "next\n" : "");
            config.Append($"url = \"{request.Url}\"\noutput = /dev/null\nheader = \"x-request-id: {request.Id}\"\n");
            foreach (string header in request.Headers)
            {
                config.Append($"header = \"{header}\"\n");
            }
        }

        return config.ToString();
    }

    private sealed record Asked(string Method, string Url, string Id, string[] Headers);
}
