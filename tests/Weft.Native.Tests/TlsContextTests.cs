using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weft.Native.OpenSsl;

namespace Weft.Native.Tests;

public sealed class TlsContextTests : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public TlsContextTests() => _certificate = new CertificateRequest("CN=x", _key, HashAlgorithmName.SHA256)
        .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1));

    [Fact]
    public void Create_GoodPem_Works()
    {
        using TlsContext context = TlsContext.Create(Options());

        Assert.Equal(TlsRole.Server, context.Role);
    }

    [Fact]
    public void Create_KeyOfAnother_SaysSoWithoutKeyMaterial()
    {
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = other.ExportPkcs8PrivateKeyPem();

        TlsConfigurationException exception = Assert.Throws<TlsConfigurationException>(
            () => TlsContext.Create(Options() with { PrivateKeyPem = Encoding.ASCII.GetBytes(pem) }));

        Assert.Contains("private key", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(pem[40..60], exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing of use")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")]
    public void Create_BadChain_NamesTheChain(string pem)
    {
        TlsConfigurationException exception = Assert.Throws<TlsConfigurationException>(
            () => TlsContext.Create(Options() with { CertificateChainPem = Encoding.ASCII.GetBytes(pem) }));

        Assert.Contains("certificate chain", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_SecondRootDamaged_DoesNotPassForTheEnd()
    {
        string bundle = _certificate.ExportCertificatePem() + "\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

        TlsConfigurationException exception = Assert.Throws<TlsConfigurationException>(
            () => TlsContext.Create(Options() with { TrustBundlePem = Encoding.ASCII.GetBytes(bundle) }));

        Assert.Contains("trust bundle is damaged", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_EncryptedKey_IsRefusedWithoutAsking()
    {
        string pem = _key.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1000));

        Assert.Throws<TlsConfigurationException>(() => TlsContext.Create(Options() with { PrivateKeyPem = Encoding.ASCII.GetBytes(pem) }));
    }

    [Fact]
    public void Create_ClientWithoutTrust_IsRefused() => Assert.Throws<TlsConfigurationException>(
        () => TlsContext.Create(new TlsContextOptions { Role = TlsRole.Client }));

    [Theory]
    [InlineData("")]
    [InlineData("a\0b")]
    [InlineData("bücher.example")]
    public void ServerName_NotOne_IsRefused(string name) => Assert.Throws<ArgumentException>(
        () => new TlsClientOptions { ServerName = name, Expected = PeerExpectation.AnyTrusted });

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }

    private TlsContextOptions Options() => new()
    {
        Role = TlsRole.Server,
        CertificateChainPem = Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()),
        PrivateKeyPem = Encoding.ASCII.GetBytes(_key.ExportPkcs8PrivateKeyPem()),
        TrustBundlePem = Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem()),
    };
}
