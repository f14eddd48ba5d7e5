using System.IO;
using System.Linq;

namespace Weft.Config.Tests;

/// <summary>The mesh that istiod was given for its dumps (conformance/istiod).</summary>
public sealed class KubeYamlTests
{
    [Fact]
    public void KubeYaml_AsItIs_LoadsWithoutComplaint()
    {
        string path = SharedData.Require("conformance/istiod/kube.yaml");

        ReadSet set = ResourceReader.ReadYaml(File.ReadAllText(path), ReadOptions.FromFile with { File = "kube.yaml" });

        Assert.Empty(set.AllDiagnostics.Select(d => d.ToString()));
        Assert.Equal(38, set.Objects.Count);
        Assert.All(set.Objects, o => Assert.NotNull(o.Resource));
    }
}
