using System.IO;
using Weft.Testing;

namespace Weft.Identity.Tests;

public sealed class TrustBundleTests
{
    [Theory]
    [InlineData("cert.pem", 1)]
    [InlineData("certs.pem", 2)]
    [InlineData("corrupted.pem", 0)]
    [InlineData("empty.pem", 0)]
    [InlineData("not-pem.pem", 0)]
    [InlineData("key.pem", 0)]
    public void TryParse_BundlesOfGoSpiffe_AreTakenWholeOrRefused(string file, int roots)
    {
        var folder = RepositoryPaths.TryConformance("spiffe/bundle/x509bundle/testdata");
        Assert.SkipWhen(folder is null, "../shared/conformance is not here");

        var isValid = TrustBundle.TryParse(File.ReadAllText(Path.Combine(folder!, file)), out var bundle, out var error);

        using (bundle)
        {
            Assert.Equal(roots > 0, isValid);
            if (isValid) Assert.Equal(roots, bundle!.Roots.Count);
            else Assert.NotEmpty(error);
        }
    }
}
