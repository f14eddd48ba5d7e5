using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity.Tests;

/// <summary>T53: leaves that look right and are not.</summary>
public sealed class PeerCertificateTests : IDisposable
{
    private const string Web = "spiffe://cluster.local/ns/grid/sa/web";
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _root;
    private readonly TrustBundle _bundle;

    public PeerCertificateTests()
    {
        var request = new CertificateRequest("O=cluster.local", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _root = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(10));
        Assert.True(TrustBundle.TryParse(_root.ExportCertificatePem(), out var bundle, out _));
        _bundle = bundle!;
    }

    [Fact]
    public void TryVerify_GoodLeaf_IsItsSpiffeId()
    {
        using var leaf = Leaf([Web]);

        Assert.True(PeerCertificate.TryVerify(leaf, null, _bundle, PeerCertificate.ClientAuth, Now, out var id, out var error), error);
        Assert.Equal(Web, id.ToString());
    }

    [Fact]
    public void T53_TryVerify_Expired_IsRefused() => Refused(Leaf([Web], notAfter: Now.AddMinutes(-1)), "has expired");

    [Fact]
    public void T53_TryVerify_NotYetValid_IsRefused() => Refused(Leaf([Web], notBefore: Now.AddMinutes(5)), "not valid before");

    [Fact]
    public void T53_TryVerify_CaAsALeaf_IsRefused() => Refused(Leaf([Web], isCa: true), "is a CA's");

    [Fact]
    public void T53_TryVerify_WithoutClientAuth_IsRefused() => Refused(Leaf([Web], usage: PeerCertificate.ServerAuth), "not for clients");

    [Fact]
    public void T53_TryVerify_WithoutAnyUsage_IsRefused() => Refused(Leaf([Web], usage: null), "not for clients");

    [Fact]
    public void T53_TryVerify_TwoUriNames_IsRefused() => Refused(Leaf([Web, "spiffe://cluster.local/ns/grid/sa/admin"]), "more than one URI name");

    [Fact]
    public void T53_TryVerify_NoUriName_IsRefused() => Refused(Leaf([]), "no URI name");

    [Fact]
    public void T53_TryVerify_UriThatIsNoSpiffeId_IsRefused() => Refused(Leaf(["https://cluster.local/ns/grid/sa/web"]), "not a SPIFFE id");

    [Fact]
    public void T53_TryVerify_TrailingSlash_IsRefused() => Refused(Leaf([Web + "/"]), "trailing slash");

    [Fact]
    public void T53_TryVerify_SelfSigned_IsRefused()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Refused(Leaf([Web], signer: own), "not trusted");
    }

    public void Dispose()
    {
        _bundle.Dispose();
        _root.Dispose();
        _key.Dispose();
    }

    private void Refused(X509Certificate2 leaf, string why)
    {
        using (leaf)
        {
            Assert.False(PeerCertificate.TryVerify(leaf, null, _bundle, PeerCertificate.ClientAuth, Now, out var id, out var error));
            Assert.True(id.IsEmpty);
            Assert.Contains(why, error, StringComparison.Ordinal);
        }
    }

    private X509Certificate2 Leaf(
        string[] uris, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, bool isCa = false, string? usage = PeerCertificate.ClientAuth, ECDsa? signer = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("web.grid");
        foreach (var uri in uris) names.AddUri(new Uri(uri));
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isCa, false, 0, true));
        if (usage is not null) request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        return request.Create(
            _root.SubjectName, X509SignatureGenerator.CreateForECDsa(signer ?? _key), notBefore ?? Now.AddHours(-1), notAfter ?? Now.AddHours(1), [1, 2, 3]);
    }
}
