using System;
using System.IO;
using System.Linq;
using Weft.Config;
using Weft.Control.Derivation;

namespace Weft.Control.Tests;

/// <summary>samples/grid is taken whole: nothing of it is refused, and what it says reaches the routes.</summary>
public sealed class SampleTests
{
    [Fact]
    public void Grid_IsTakenWholeAndSplitsTheForecast()
    {
        string directory = FindSample();
        Assert.SkipWhen(directory.Length == 0, "samples/grid is not here");
        string yaml = string.Join("\n---\n", Directory.GetFiles(directory, "*.yaml").Order(StringComparer.Ordinal).Select(File.ReadAllText));

        TestMesh mesh = TestMesh.Of(yaml);
        ProxySnapshot web = mesh.Derive(TestMesh.Sidecar("web-1"));

        Assert.Empty(mesh.State.Refused);
        Assert.DoesNotContain(mesh.State.Warnings.Values.SelectMany(w => w), d => d.Severity == DiagnosticSeverity.Warning);
        Enforced.ByTheProxy(web);
        Assert.Equal(["canary", "split"], TestMesh.Host(web, "8080", "forecast.grid.svc.cluster.local:8080").Routes.Select(r => r.Name));
    }

    private static string FindSample()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, "samples/grid");
            if (File.Exists(Path.Combine(candidate, "routing.yaml")))
            {
                return candidate;
            }
        }

        return "";
    }
}
