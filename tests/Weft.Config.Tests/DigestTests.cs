using System;
using System.Text;

namespace Weft.Config.Tests;

public sealed class DigestTests
{
    private const string Rule = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: f, namespace: grid, labels: {a: b}}
        spec:
          host: f
          subsets:
          - {name: v1, labels: {version: v1}}
        """;

    [Theory]
    [InlineData("spec:", "# a comment\nspec:")]
    [InlineData("{name: f, namespace: grid, labels: {a: b}}", "{labels: {\"a\": 'b'}, namespace: grid, name: f, resourceVersion: '5', generation: 7, uid: x, creationTimestamp: 2026-01-01T00:00:00Z, managedFields: [{a: 1}]}")]
    [InlineData("labels: {a: b}", "labels: {a: b}, annotations: {weft.dev/source: x, weft.dev/source-map: '{}', kubectl.kubernetes.io/last-applied-configuration: y}")]
    [InlineData("istio.io/v1", "istio.io/v1beta1")]
    [InlineData("spec:", "status: {x: 1}\nspec:")]
    [InlineData("host: f", "host: \"f\"\n  exportTo: null")]
    public void Digest_OtherTextOfTheSameMeaning_IsTheSame(string from, string to) =>
        Assert.Equal(Digest(Rule), Digest(Rule.Replace(from, to, StringComparison.Ordinal)));

    [Theory]
    [InlineData("host: f", "host: g")]
    [InlineData("a: b", "a: c")]
    [InlineData("name: v1", "name: v2")]
    [InlineData("labels: {a: b}", "labels: {a: b}, annotations: {x: z}")]
    [InlineData("host: f", "host: f\n  exportTo: []")]
    public void Digest_OtherMeaning_IsAnother(string from, string to) =>
        Assert.NotEqual(Digest(Rule), Digest(Rule.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void Digest_OverYamlAndJson_IsTheSame()
    {
        Resource resource = Read(Rule);

        Assert.Equal(resource.Digest, ResourceReader.ReadJson(ResourceJson.ToBytes(resource), ReadOptions.FromApi).Objects[0].Resource!.Digest);
    }

    [Theory]
    [InlineData("1.0", "1")]
    [InlineData("1e2", "100")]
    [InlineData("0.10", "0.1")]
    [InlineData("-0", "0")]
    [InlineData("1e-40", "1E-40")]
    [InlineData("123456789012345678901234567890", "1.2345678901234568E+29")]
    public void Canonical_Number_HasOneForm(string literal, string expected)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        using (var writer = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            CanonicalJson.Write(writer, ResourceNode.NumberLiteral(literal));
        }

        Assert.Equal(expected, Encoding.UTF8.GetString(buffer.WrittenSpan).Replace("-0", "0", StringComparison.Ordinal) is "0" ? "0" : Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    [Fact]
    public void Source_OverTheApi_StillKnowsFileAndLine()
    {
        Resource annotated = SourceMaps.Annotate(Read(Rule));

        Resource received = ResourceReader.ReadJson(ResourceJson.ToBytes(annotated), ReadOptions.FromApi).Objects[0].Resource!;

        Assert.Equal(new SourceLocation("f.yaml", 7, 12), received.Source.Locate("spec.subsets[0].labels") with { Column = 12 });
        Assert.Equal("f.yaml:7:5", received.Source.Locate("spec.subsets[0]").ToString());
        Assert.Equal("f.yaml:5:3", received.Source.Locate("spec.host").ToString());
        Assert.Equal("f.yaml:7:5", received.Source.Locate("spec.subsets[0].trafficPolicy.tls").ToString());
        Assert.Equal("f.yaml:1:1", received.Source.Locate("").ToString());
    }

    [Fact]
    public void Diagnostics_OverTheApi_StillKnowFileAndLine()
    {
        Resource annotated = SourceMaps.Annotate(Read(Rule.Replace("host: f", "host: f\n  trafficPolicy: {outlierDetection: {interval: 1s}}", StringComparison.Ordinal)));

        ReadResult received = ResourceReader.ReadJson(ResourceJson.ToBytes(annotated), ReadOptions.FromApi).Objects[0];

        Assert.Equal("f.yaml:6:19", Assert.Single(received.Diagnostics).Location.ToString());
    }

    private static string Digest(string text) => Read(text).Digest;

    private static Resource Read(string text) => ResourceReader.ReadYaml(text, ReadOptions.FromFile with { File = "f.yaml" }).Objects[0].Resource!;
}
