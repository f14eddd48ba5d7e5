using System;
using System.Linq;
using System.Text;
using CsCheck;

namespace Weft.Config.Tests;

/// <summary>Seeded mutations of real manifests: readers and binder answer with diagnostics, never with an exception. WEFT_FUZZ sets the number of runs.</summary>
public sealed class ReaderFuzzTests
{
    private const string Seed = """
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: forecast, namespace: grid, labels: {a: "b"}, annotations: &x {c: d}}
        spec:
          hosts: [forecast, '*.example.com']
          gateways: [mesh, grid/web]
          http:
          - match:
            - uri: {prefix: /v1}
              headers: {x-canary: {exact: "1"}, x-any: {}}
            route:
            - {destination: {host: forecast, subset: v2, port: {number: 8080}}, weight: 100}
            timeout: 5s
            retries: {attempts: 2, perTryTimeout: 250ms, retryOn: "503,reset"}
            headers: {request: {set: {x-a: "%REQ(b)%"}}}
          - redirect: {uri: /, redirectCode: 302}
        ---
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: default, namespace: grid}
        spec: {selector: {matchLabels: {app: x}}, mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: f, namespace: grid}
        spec: {host: f, trafficPolicy: {loadBalancer: {simple: ROUND_ROBIN}, tls: {mode: ISTIO_MUTUAL}}, subsets: [{name: v1, labels: {version: v1}}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: grid}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: app, image: x, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /, port: http}}, env: [{name: A, value: "1"}]}]}
        """;

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", ":", "- ", "\n", "\n---\n", "&x ", "*x", "<<: ", "!!int ", "|\n", "\"", "'", "#", "\t", "null", "true", "0x", "1e999", "-", "\u0000", "\uFEFF", "%", "? ", ",", "\ud800", "~", "@", "`", "{}", "[]"];

    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("WEFT_FUZZ"), out int runs) ? runs : 1_000;

    [Fact]
    public void Yaml_AnyMutation_IsDiagnosticsOnly() => Mutation(Seed).Sample(
        text =>
        {
            ReadSet set = ResourceReader.ReadYaml(text, ReadOptions.FromFile with { File = "f.yaml" });
            Touch(set);
        },
        iter: Runs, threads: 1, seed: "0000KqYzdXH5");

    [Fact]
    public void Json_AnyMutation_IsDiagnosticsOnly()
    {
        string json = string.Join("\n", ResourceReader.ReadYaml(Seed, ReadOptions.FromFile).Objects.Take(1).Select(o => Encoding.UTF8.GetString(ResourceJson.ToBytes(o.Resource!))));
        Mutation(json).Sample(
            text =>
            {
                Touch(ResourceReader.ReadJson(Encoding.UTF8.GetBytes(text), ReadOptions.FromFile with { File = "f.json" }));
                Touch(ResourceReader.ReadJson(Encoding.UTF8.GetBytes(text), ReadOptions.FromApi));
            },
            iter: Runs, threads: 1, seed: "0000KqYzdXH5");
    }

    [Fact]
    public void Json_AnyBytes_AreDiagnosticsOnly() => Gen.Byte.Array[0, 200].Sample(
        bytes =>
        {
            Touch(ResourceReader.ReadJson(bytes, ReadOptions.FromFile));
            Touch(ResourceReader.ReadYaml(Encoding.UTF8.GetString(bytes), ReadOptions.FromFile));
        },
        iter: Runs, threads: 1, seed: "0000KqYzdXH5");

    /// <summary>What a reader of the result would do next: none of it may throw either.</summary>
    private static void Touch(ReadSet set)
    {
        foreach (ReadResult result in set.Objects)
        {
            if (result.Resource is { } resource)
            {
                Assert.Equal(64, resource.Digest.Length);
                _ = SourceMaps.Annotate(resource).Source.Locate("spec.http[0].route[1].weight");
                ReadSet again = ResourceReader.ReadJson(ResourceJson.ToBytes(resource), ReadOptions.FromApi);
                Assert.Empty(again.Diagnostics);
            }
        }

        Assert.All(set.AllDiagnostics, d => Assert.NotEmpty(d.ToString()));
    }

    private static Gen<string> Mutation(string seed)
    {
        Gen<Func<string, string>> cut = Gen.Select(Gen.Int[0, 4_000], Gen.Int[1, 40], (at, length) => (Func<string, string>)(t => at >= t.Length ? t : t.Remove(at, Math.Min(length, t.Length - at))));
        Gen<Func<string, string>> put = Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, Tokens.Length - 1], (at, token) => (Func<string, string>)(t => t.Insert(Math.Min(at, t.Length), Tokens[token])));
        Gen<Func<string, string>> flip = Gen.Select(Gen.Int[0, 4_000], Gen.Char, (at, c) => (Func<string, string>)(t => at >= t.Length ? t : t[..at] + c + t[(at + 1)..]));
        Gen<Func<string, string>> copy = Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, 4_000], Gen.Int[1, 200], (from, to, length) =>
            (Func<string, string>)(t => from >= t.Length ? t : t.Insert(Math.Min(to, t.Length), t.Substring(from, Math.Min(length, t.Length - from)))));
        return Gen.OneOf(cut, put, flip, copy).Array[1, 8].Select(steps => steps.Aggregate(seed, (text, step) => step(text)));
    }
}
