using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Weft.Config.Tests;

/// <summary>Objects as a real API server wrote them (conformance/kubernetes-api), with managedFields, status and everything.</summary>
public sealed class RecordedObjectsTests
{
    [Fact]
    public void RecordedObjects_EachOfAKnownKind_ReadsWithoutComplaintAndSurvivesTheRoundTrip()
    {
        string folder = SharedData.Require("conformance/kubernetes-api");
        int read = 0;
        foreach (ResourceNode body in Bodies(folder))
        {
            ReadResult result = ResourceReader.Read(body, ReadOptions.FromApi);
            if (result.Resource is not { } resource || resource.Type.Support != KindSupport.Typed)
            {
                continue;
            }

            read++;
            Assert.Empty(result.Diagnostics.Select(d => d.ToString()));
            Resource again = ResourceReader.ReadJson(ResourceJson.ToBytes(resource), ReadOptions.FromApi).Objects[0].Resource!;
            Assert.Equal(resource.Digest, again.Digest);
            Assert.Equal(
                (resource.Metadata.Uid, resource.Metadata.ResourceVersion, resource.Metadata.Generation, resource.Metadata.CreationTimestamp),
                (again.Metadata.Uid, again.Metadata.ResourceVersion, again.Metadata.Generation, again.Metadata.CreationTimestamp));
        }

        Assert.True(read > 40, $"only {read} objects");
    }

    private static IEnumerable<ResourceNode> Bodies(string folder)
    {
        foreach (string line in Directory.GetFiles(folder, "*.jsonl").Order().SelectMany(File.ReadLines))
        {
            ResourceNode exchange = JsonReader.Read(Encoding.UTF8.GetBytes(line), null).Documents.Single();
            string body = exchange["response"]?["body"]?.Text ?? "";
            if (exchange["response"]?["status"]?.Text is "200" or "201" && JsonReader.Read(Encoding.UTF8.GetBytes(body), null).Documents is [{ } root])
            {
                foreach (ResourceNode item in ResourceReader.Expand(root))
                {
                    yield return item;
                }
            }
        }
    }
}
