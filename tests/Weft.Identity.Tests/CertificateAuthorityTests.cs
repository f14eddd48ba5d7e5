using System;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity.Tests;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 0, 0, TimeSpan.Zero);
    private static readonly SpiffeId Web = Id("spiffe://cluster.local/ns/grid/sa/web");
    private readonly CertificateAuthority _ca = CertificateAuthority.CreateEphemeral(new CaOptions { TrustDomain = "cluster.local" }, Now);

    [Fact]
    public void Issue_GoodRequest_GivesAShortLivedLeafThatVerifiesAsTheCaller()
    {
        using var key = new WorkloadKey();

        var result = _ca.Issue(key.CreateSigningRequestPem(), Web, "pod-1", TimeSpan.Zero, Now);

        Assert.False(result.IsRefused, result.Message);
        Assert.Equal(2, result.Chain.Count);
        using var leaf = X509Certificate2.CreateFromPem(result.Chain[0]);
        Assert.Equal(Now + TimeSpan.FromHours(24), leaf.NotAfter.ToUniversalTime());
        Assert.True(leaf.NotBefore.ToUniversalTime() < Now);
        Assert.True(Verify(leaf, PeerCertificate.ClientAuth, out var id, out var error), error);
        Assert.Equal(Web, id);
        Assert.True(Verify(leaf, PeerCertificate.ServerAuth, out _, out error), error);
        var names = leaf.Extensions.Single(e => e.Oid!.Value == "2.5.29.17");
        Assert.True(names.Critical, "with an empty subject the alternative name must be critical (RFC 5280 4.2.1.6)");
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
    }

    [Fact]
    public void T60_Issue_RequestThatNamesAnother_GetsTheCallersNameOnly()
    {
        using var key = new WorkloadKey();

        var result = _ca.Issue(key.CreateSigningRequestPem(Id("spiffe://cluster.local/ns/grid/sa/admin")), Web, "pod-1", TimeSpan.Zero, Now);

        using var leaf = X509Certificate2.CreateFromPem(result.Chain![0]);
        Assert.True(Verify(leaf, PeerCertificate.ClientAuth, out var id, out _));
        Assert.Equal(Web, id);
    }

    [Fact]
    public void T60_Issue_RequestThatAsksToBeACa_GetsALeaf()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));

        var result = _ca.Issue(request.CreateSigningRequestPem(), Web, "pod-1", TimeSpan.Zero, Now);

        using var leaf = X509Certificate2.CreateFromPem(result.Chain![0]);
        Assert.False(leaf.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal("", leaf.Subject);
    }

    [Fact]
    public void T60_Issue_OversizedRequest_IsRefusedUnread() =>
        Assert.Equal(IssueFault.BadRequest, _ca.Issue(new string('A', 100_000), Web, "pod-1", TimeSpan.Zero, Now).Fault);

    [Theory]
    [InlineData("")]
    [InlineData("not pem")]
    [InlineData("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----")]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public void T60_Issue_WhatIsNoRequest_IsRefused(string pem) =>
        Assert.Equal(IssueFault.BadRequest, _ca.Issue(pem, Web, "pod-1", TimeSpan.Zero, Now).Fault);

    [Fact]
    public void T60_Issue_TwoRequestsInOne_AreRefused()
    {
        using var key = new WorkloadKey();
        var pem = key.CreateSigningRequestPem();

        Assert.Equal(IssueFault.BadRequest, _ca.Issue(pem + "\n" + pem, Web, "pod-1", TimeSpan.Zero, Now).Fault);
    }

    [Fact]
    public void T60_Issue_RequestWithABrokenSignature_IsRefused()
    {
        using var key = new WorkloadKey();
        var der = PemBytes(key.CreateSigningRequestPem());
        der[^1] ^= 1;

        Assert.Equal(IssueFault.BadRequest, _ca.Issue(PemEncoding.WriteString("CERTIFICATE REQUEST", der), Web, "pod-1", TimeSpan.Zero, Now).Fault);
    }

    [Fact]
    public void T60_Issue_WeakOrOddKeys_AreRefused()
    {
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP521);

        Assert.Equal(IssueFault.BadKey, _ca.Issue(new CertificateRequest("CN=a", small, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(), Web, "a", TimeSpan.Zero, Now).Fault);
        Assert.Equal(IssueFault.BadKey, _ca.Issue(new CertificateRequest("CN=a", curve, HashAlgorithmName.SHA256).CreateSigningRequestPem(), Web, "a", TimeSpan.Zero, Now).Fault);
    }

    [Fact]
    public void Issue_Rsa2048_IsAcceptedAsIstiosAgentsUseIt()
    {
        using var rsa = RSA.Create(2048);

        var result = _ca.Issue(new CertificateRequest("O=", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem(), Web, "a", TimeSpan.Zero, Now);

        Assert.False(result.IsRefused, result.Message);
    }

    [Fact]
    public void T60_Issue_KeyOfAnotherIdentity_IsRefusedUntilItsCertificatesAreGone()
    {
        using var key = new WorkloadKey();
        var meters = Id("spiffe://cluster.local/ns/grid/sa/meters");
        Assert.False(_ca.Issue(key.CreateSigningRequestPem(), Web, "pod-1", TimeSpan.Zero, Now).IsRefused);

        Assert.Equal(IssueFault.KeyReused, _ca.Issue(key.CreateSigningRequestPem(), meters, "pod-2", TimeSpan.Zero, Now).Fault);
        Assert.False(_ca.Issue(key.CreateSigningRequestPem(), Web, "pod-1", TimeSpan.Zero, Now).IsRefused);
        Assert.False(_ca.Issue(key.CreateSigningRequestPem(), meters, "pod-2", TimeSpan.Zero, Now.AddHours(25)).IsRefused);
    }

    [Fact]
    public void T60_Issue_CallerThatAsksTooOften_WaitsWhileOthersDoNot()
    {
        using var key = new WorkloadKey();
        var pem = key.CreateSigningRequestPem();
        for (var i = 0; i < 10; i++) Assert.False(_ca.Issue(pem, Web, "pod-1", TimeSpan.Zero, Now).IsRefused);

        Assert.Equal(IssueFault.TooMany, _ca.Issue(pem, Web, "pod-1", TimeSpan.Zero, Now).Fault);
        Assert.False(_ca.Issue(pem, Web, "pod-2", TimeSpan.Zero, Now).IsRefused);
        Assert.False(_ca.Issue(pem, Web, "pod-1", TimeSpan.Zero, Now.AddSeconds(11)).IsRefused);
    }

    [Fact]
    public void Issue_CallerOfAnotherTrustDomain_IsRefused()
    {
        using var key = new WorkloadKey();

        Assert.Equal(IssueFault.NotOurs, _ca.Issue(key.CreateSigningRequestPem(), Id("spiffe://other/ns/grid/sa/web"), "a", TimeSpan.Zero, Now).Fault);
    }

    [Theory]
    [InlineData(3600, 3600)]
    [InlineData(10_000_000, 86400)]
    [InlineData(1, 60)]
    [InlineData(-5, 86400)]
    public void Issue_RequestedLife_IsKeptWithinBounds(int asked, int given)
    {
        using var key = new WorkloadKey();

        Assert.Equal(Now.AddSeconds(given), _ca.Issue(key.CreateSigningRequestPem(), Web, "a", TimeSpan.FromSeconds(asked), Now).NotAfter);
    }

    [Fact]
    public void Issue_SerialNumbers_DoNotRepeat()
    {
        using var key = new WorkloadKey();
        var pem = key.CreateSigningRequestPem();
        var serials = Enumerable.Range(0, 10).Select(_ => _ca.Issue(pem, Web, "a", TimeSpan.Zero, Now).SerialNumber).ToHashSet();

        Assert.Equal(10, serials.Count);
        Assert.All(serials, s => Assert.Equal(32, s.Length));
    }

    [Fact]
    public void IssueServer_HasItsNamesAndItsKey()
    {
        using var server = _ca.IssueServer(["istiod.istio-system.svc", "weftd.istio-system.svc"], Id("spiffe://cluster.local/ns/istio-system/sa/weftd"), Now);

        Assert.True(server.HasPrivateKey);
        Assert.True(server.MatchesHostname("istiod.istio-system.svc"));
        Assert.False(server.MatchesHostname("other.istio-system.svc"));
        Assert.True(Verify(server, PeerCertificate.ServerAuth, out _, out var error), error);
    }

    public void Dispose() => _ca.Dispose();

    private static SpiffeId Id(string text) => SpiffeId.TryParse(text, out var id, out var error) ? id : throw new ArgumentException(error);

    private static byte[] PemBytes(string pem) => Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);

    private bool Verify(X509Certificate2 leaf, string usage, out SpiffeId id, out string error)
    {
        Assert.True(TrustBundle.TryParse(_ca.RootPem, out var bundle, out _));
        using (bundle) return PeerCertificate.TryVerify(leaf, null, bundle!, usage, Now, out id, out error);
    }
}
