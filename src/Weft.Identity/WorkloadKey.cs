using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Weft.Identity;

/// <summary>
/// A fresh P-256 key pair and what asks for a certificate with it. The key stays in this process: it leaves this object only as
/// <see cref="ExportPem"/>, for the TLS library. Dispose forgets it.
/// </summary>
public sealed class WorkloadKey : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>
    /// PKCS#10 in PEM. It carries <paramref name="id"/> as URI SAN because Istio's agents do so; a CA takes the name from the caller, not from here.
    /// </summary>
    public string CreateSigningRequestPem(SpiffeId id = default)
    {
        var request = new CertificateRequest(new X500DistinguishedName(""), _key, HashAlgorithmName.SHA256);
        if (!id.IsEmpty)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddUri(new Uri(id.ToString()));
            request.CertificateExtensions.Add(names.Build(critical: true));
        }

        return request.CreateSigningRequestPem();
    }

    /// <summary>PKCS#8 in PEM, as bytes that the receiver zeroes when it is done.</summary>
    public byte[] ExportPem()
    {
        var der = _key.ExportPkcs8PrivateKey();
        var text = PemEncoding.Write("PRIVATE KEY", der);
        try
        {
            return Encoding.ASCII.GetBytes(text);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(der);
            Array.Clear(text);
        }
    }

    /// <summary>The certificate with this key, for a TLS client of the BCL. Null when it is for another key.</summary>
    public X509Certificate2? Attach(X509Certificate2 leaf)
    {
        using var certified = leaf.GetECDsaPublicKey();
        if (certified is null || !certified.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(_key.ExportSubjectPublicKeyInfo())) return null;
        return leaf.CopyWithPrivateKey(_key);
    }

    public void Dispose() => _key.Dispose();
}
