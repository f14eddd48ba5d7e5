using System;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.LoadBench;

/// <summary>A throw-away authority and one workload certificate for the peers that read files (nginx, Envoy).</summary>
internal static class Certificates
{
    public static void Write(string folder)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest rootRequest = new("O=bench", rootKey, HashAlgorithmName.SHA256);
        rootRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        rootRequest.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        using X509Certificate2 root = rootRequest.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));

        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 leaf = Sign(Leaf(new PublicKey(key)), root);
        File.WriteAllText(Path.Combine(folder, "ca.pem"), root.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "cert.pem"), leaf.ExportCertificatePem());
        WriteKey(Path.Combine(folder, "ca-key.pem"), rootKey);
        WriteKey(Path.Combine(folder, "key.pem"), key);
    }

    /// <summary>What a workload certificate says, for a public key.</summary>
    public static CertificateRequest Leaf(PublicKey key)
    {
        CertificateRequest request = new(new X500DistinguishedName(""), key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddUri(new Uri("spiffe://cluster.local/ns/bench/sa/bench"));
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        return request;
    }

    public static X509Certificate2 Sign(CertificateRequest request, X509Certificate2 root) =>
        request.Create(root, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddHours(20), RandomNumberGenerator.GetBytes(16));

    private static void WriteKey(string path, ECDsa key)
    {
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using StreamWriter file = new(path, options);
        file.Write(key.ExportPkcs8PrivateKeyPem());
    }
}
