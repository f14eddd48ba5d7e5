using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Weft.Config.Tests;

/// <summary>Manifests that people really have: our sample, Istio's samples, the scenarios that istiod was recorded with.</summary>
public sealed class SampleManifestsTests
{
    [Fact]
    public void Grid_OurSample_LoadsWithoutAWarning()
    {
        string folder = Path.Combine(RepositoryRoot(), "samples", "grid");
        Assert.SkipUnless(Directory.Exists(folder), $"{folder} is not there");

        string[] problems = [.. Read(folder, SearchOption.TopDirectoryOnly).Where(d => d.Severity != DiagnosticSeverity.Info).Select(d => d.ToString())];

        Assert.Empty(problems);
    }

    [Fact]
    public void IstioSamples_EveryManifest_HasNoErrorButWhatIsNotBuiltYet() =>
        Assert.Empty(Read(SharedData.Require("conformance/istio-samples"), SearchOption.AllDirectories).Where(IsOurFault).Select(d => d.ToString()));

    [Fact]
    public void IstiodScenarios_EveryManifest_HasNoErrorButWhatIsNotBuiltYet() =>
        Assert.Empty(Read(SharedData.Require("conformance/istiod"), SearchOption.AllDirectories).Where(IsOurFault).Select(d => d.ToString()));

    /// <summary>Errors that are neither "not honoured yet" (refused by design) nor about templates and values that are no manifests.</summary>
    private static bool IsOurFault(Diagnostic d) =>
        d.Severity == DiagnosticSeverity.Error && d.Code is not (DiagnosticCodes.NotHonoured or DiagnosticCodes.KindNotHonoured or DiagnosticCodes.NotAnObject);

    private static IEnumerable<Diagnostic> Read(string folder, SearchOption depth) => Directory.GetFiles(folder, "*.yaml", depth)
        .Order(StringComparer.Ordinal)
        .SelectMany(f => ResourceReader.ReadYaml(File.ReadAllText(f), ReadOptions.FromFile with { File = f }).AllDiagnostics);

    private static string RepositoryRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Weft.slnx")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? ".";
    }
}
