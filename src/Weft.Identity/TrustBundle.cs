using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity;

/// <summary>The roots that a mesh trusts, old and new while one replaces the other. Immutable; any thread.</summary>
public sealed class TrustBundle : IDisposable
{
    private const string Label = "CERTIFICATE";
    private readonly List<X509Certificate2> _roots;

    private TrustBundle(List<X509Certificate2> roots) => _roots = roots;

    public IReadOnlyList<X509Certificate2> Roots => _roots;

    /// <summary>All or nothing: a bundle of which one certificate cannot be read is refused whole.</summary>
    public static bool TryParse(ReadOnlySpan<char> pem, [NotNullWhen(true)] out TrustBundle? bundle, out string error)
    {
        bundle = null;
        error = "";
        var roots = new List<X509Certificate2>();
        // The BCL skips blocks that it cannot read; a bundle with half its roots would lock out half a mesh in silence.
        var begun = pem.Count("-----BEGIN ");
        try
        {
            while (PemEncoding.TryFind(pem, out var fields))
            {
                if (!pem[fields.Label].SequenceEqual(Label)) error = $"the bundle contains a {pem[fields.Label]}";
                else error = Add(Convert.FromBase64String(pem[fields.Base64Data].ToString()), roots);
                if (error.Length > 0) break;
                pem = pem[fields.Location.End..];
            }
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            error = $"certificate {roots.Count + 1} of the bundle cannot be read";
        }

        if (error.Length == 0 && roots.Count != begun) error = $"only {roots.Count} of {begun} certificates of the bundle can be read";
        if (error.Length == 0 && roots.Count == 0) error = "the bundle contains no certificate";
        if (error.Length == 0) bundle = new TrustBundle(roots);
        else roots.ForEach(static root => root.Dispose());
        return bundle is not null;
    }

    /// <summary>OpenSSL reads the certificate and overlooks what follows it; we do not.</summary>
    private static string Add(byte[] der, List<X509Certificate2> roots)
    {
        var root = X509CertificateLoader.LoadCertificate(der);
        roots.Add(root);
        return root.RawData.Length == der.Length ? "" : $"certificate {roots.Count} of the bundle has something after it";
    }

    public string ToPem()
    {
        var text = new System.Text.StringBuilder();
        foreach (var root in _roots) text.Append(root.ExportCertificatePem()).Append('\n');
        return text.ToString();
    }

    public void Dispose() => _roots.ForEach(static root => root.Dispose());
}
