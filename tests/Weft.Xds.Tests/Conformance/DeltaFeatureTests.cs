using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Weft.Testing;

namespace Weft.Xds.Tests.Conformance;

/// <summary>
/// go-control-plane's xDS protocol features, the incremental ones, from the client's side: our client talks to a server that keeps the rules,
/// and must end up with what the feature says, answering each response exactly once.
/// </summary>
public sealed partial class DeltaFeatureTests
{
    public static TheoryData<FeatureExample> Examples()
    {
        var folder = RepositoryPaths.TryConformance("xds-protocol");
        if (folder is null) return [new FeatureExample("../shared/conformance is not here", [])];
        return [.. Directory.GetFiles(folder, "*.feature").Order().SelectMany(file => FeatureFile.Read(file, "@incremental"))];
    }

    [Theory]
    [MemberData(nameof(Examples), DisableDiscoveryEnumeration = true)]
    public void Client_IncrementalFeature_EndsUpWithWhatItSays(FeatureExample example)
    {
        Assert.SkipWhen(example.Steps.Count == 0, example.Name);
        using var server = new ModelServer();
        var seen = 0;
        foreach (var step in example.Steps) Run(step, server, ref seen);
    }

    private static void Run(string step, ModelServer server, ref int seen)
    {
        var words = Quoted().Matches(step).Select(match => match.Groups[1].Value).ToArray();
        switch (Quoted().Replace(step, "_"))
        {
            case "a target setup with service _, resources _, and starting version _": SetUp(server, words[0], words[1], words[2]); break;
            case "a target setup with multiple services _, each with resources _, and starting version _":
                foreach (var service in words[0].Split(',')) SetUp(server, service, words[1], words[2]);
                break;
            case "the Client subscribes to resources _ for _": server.Subscribe(Type(words[1]), words[0].Split(',')); break;
            case "the Client unsubscribes from resource _ for service _": server.Unsubscribe(Type(words[1]), [words[0]]); break;
            case "the resource _ of service _ is updated to version _":
                seen = server.Sent.Count;
                server.Put(Type(words[1]), words[0], words[2]);
                break;
            case "the resource _ is added to the _ with version _":
                seen = server.Sent.Count;
                server.Put(Type(words[1]), words[0], words[2]);
                break;
            case "the resource _ is removed from the _": server.Remove(Type(words[1]), words[0]); break;
            case "the Client receives the resources _ and version _ for _": Holds(server, words[0], words[1], words[2]); break;
            case "the Client receives notice that resource _ was removed for service _": Assert.DoesNotContain(words[0], server.Held(Type(words[1])).Keys); break;
            case "the client does not receive resource _ of service _ at version _":
                Assert.False(server.Held(Type(words[1])).TryGetValue(words[0], out var version) && version == words[2]);
                break;
            case "for service _, no resource other than _ has same version or nonce":
            case "for service _, no resource other than _ has same nonce":
                Assert.All(server.Sent.Skip(seen), response => Assert.Equal([words[1]], response.Versions.Keys));
                break;
            case "the service never responds more than necessary": Assert.True(server.IsEverythingAnsweredOnce); break;
            default: Assert.Fail($"no such step: {step}"); break;
        }
    }

    private static void SetUp(ModelServer server, string service, string names, string version)
    {
        foreach (var name in names.Split(',')) server.Put(Type(service), name, version);
    }

    private static void Holds(ModelServer server, string names, string version, string service)
    {
        IReadOnlyDictionary<string, string> held = server.Held(Type(service));
        Assert.All(names.Split(','), name => Assert.Equal(version, held[name]));
    }

    private static string Type(string service) => service switch
    {
        "CDS" => XdsTypes.Cluster,
        "LDS" => XdsTypes.Listener,
        "RDS" => XdsTypes.RouteConfiguration,
        _ => XdsTypes.ClusterLoadAssignment,
    };

    [GeneratedRegex("\"([^\"]*)\"")]
    private static partial Regex Quoted();
}
