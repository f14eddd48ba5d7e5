using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Weft.Config.Tests;

/// <summary>What Istio's CRD schemas accept and refuse (conformance/istio-api-crd), for the kinds built here.</summary>
public sealed class IstioCrdTests
{
    private static readonly string[] Built = ["VirtualService", "DestinationRule", "Gateway", "PeerAuthentication"];

    [Fact]
    public void IstioCrd_EveryCaseOfTheKindsBuiltHere_IsAcceptedOrRefusedAlike()
    {
        string path = SharedData.Require("conformance/istio-api-crd/cases.json");
        ResourceNode root = JsonReader.Read(File.ReadAllBytes(path), null).Documents.Single();
        var wrong = new List<string>();
        int run = 0;
        foreach (ResourceNode test in root["cases"]!.Items.Where(c => Built.Contains(c["kind"]!.Text)))
        {
            run++;
            ResourceNode manifest = test["object"]!;
            KindInfo kind = Kinds.All.First(k => k.IsIstio && k.Kind == test["kind"]!.Text);
            var context = new BindContext { Kind = kind, IsFile = true, HonoursAll = true, Key = new ObjectKey(kind.Group, kind.Kind, "default", "x") };
            var reader = new FieldReader(context, manifest, "", "", 1, 1, isSilent: false);
            reader.Known("apiVersion", "kind", "metadata");
            KindBinders.Bind(reader, kind, kind.ApiVersion, new ObjectMeta(), manifest, null);
            bool accepted = context.Problems.All(p => p.Severity != DiagnosticSeverity.Error);
            if (accepted != (test["valid"]!.Text == "true"))
            {
                wrong.Add($"{test["file"]!.Text} {test["name"]!.Text}: {string.Join("; ", context.Problems)}");
            }
        }

        Assert.Empty(wrong);
        Assert.True(run >= 15, $"only {run} cases");
    }
}
