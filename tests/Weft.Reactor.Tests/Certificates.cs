using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weft.Native.OpenSsl;

namespace Weft.Reactor.Tests;

/// <summary>A certificate authority of the tests, made anew for each: nothing is shared, nothing expires in the repository.</summary>
internal sealed class Authority : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _certificate;

    public Authority(string name = "O=cluster.local")
    {
        CertificateRequest request = new(name, _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10));
    }

    public ReadOnlyMemory<byte> Bundle => Encoding.ASCII.GetBytes(_certificate.ExportCertificatePem());

    public X509Certificate2 Certificate => _certificate;

    public Leaf Issue(string? spiffeId, Action<LeafOptions>? configure = null)
    {
        LeafOptions options = new();
        if (spiffeId is not null)
        {
            options.Uris.Add(spiffeId);
        }

        configure?.Invoke(options);
        ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(string.Empty, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(options.IsAuthority, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        OidCollection purposes = [];
        foreach (string purpose in options.Purposes)
        {
            purposes.Add(new Oid(purpose));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        if (options.RawSan is not null)
        {
            request.CertificateExtensions.Add(new X509Extension("2.5.29.17", options.RawSan, true));
        }
        else if (options.Uris.Count > 0)
        {
            SubjectAlternativeNameBuilder names = new();
            options.Uris.ForEach(uri => names.AddUri(new Uri(uri)));
            request.CertificateExtensions.Add(names.Build(critical: true));
        }

        byte[] serial = RandomNumberGenerator.GetBytes(8);
        serial[0] &= 0x7F;
        using X509Certificate2 signed = request.Create(_certificate, options.NotBefore, options.NotAfter, serial);
        return new Leaf(signed.CopyWithPrivateKey(key), key);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}

internal sealed class LeafOptions
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    public System.Collections.Generic.List<string> Uris { get; } = [];

    public System.Collections.Generic.List<string> Purposes { get; set; } = [ServerAuth, ClientAuth];

    public byte[]? RawSan { get; set; }

    public bool IsAuthority { get; set; }

    public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.UtcNow.AddHours(-1);

    public DateTimeOffset NotAfter { get; set; } = DateTimeOffset.UtcNow.AddHours(1);
}

internal sealed class Leaf(X509Certificate2 certificate, ECDsa key) : IDisposable
{
    public X509Certificate2 Certificate => certificate;

    private string _chain = certificate.ExportCertificatePem();

    public ReadOnlyMemory<byte> ChainPem => Encoding.ASCII.GetBytes(_chain);

    public ReadOnlyMemory<byte> KeyPem => Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());

    /// <summary>Sends <paramref name="other"/> along behind the leaf, whether it belongs there or not.</summary>
    public void Append(Leaf other) => _chain += "\n" + other.Certificate.ExportCertificatePem();

    public TlsContext Context(TlsRole role, Authority trusted, bool requireClientCertificate = true, params string[] alpn) => TlsContext.Create(new TlsContextOptions
    {
        Role = role,
        CertificateChainPem = ChainPem,
        PrivateKeyPem = KeyPem,
        TrustBundlePem = trusted.Bundle,
        RequireClientCertificate = requireClientCertificate,
        AlpnPreferences = alpn,
    });

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }
}
