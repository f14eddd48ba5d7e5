using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Fields = Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3.Secret;
using Validation = Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3.CertificateValidationContext;

namespace Weft.Xds.Reading;

/// <summary>Secret: a trust bundle. A certificate with its key never comes this way: the key is made here and stays here.</summary>
internal static class SecretReader
{
    public static SecretConfig Secret(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var secret = new SecretConfig { Kind = SecretKind.ValidationContext };
        var hasContext = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == Fields.NameFieldNumber) secret.Name = field.Text;
            if (field.Number != Fields.ValidationContextFieldNumber) continue;
            hasContext = true;
            using (report.At("validation_context")) secret.Pem = TrustedCa(field.Bytes, report);
        }

        if (!hasContext) report.Add("validation_context", "is required");
        return secret;
    }

    private static string TrustedCa(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var pem = "";
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == Validation.TrustedCaFieldNumber) pem = Encoding.UTF8.GetString(CommonReader.InlineData(field));
            else report.Add("match_subject_alt_names", "in a secret is not enforced by this proxy: put it into combined_validation_context");
        }

        if (CountCertificates(pem) == 0) report.Add("trusted_ca", "holds no certificate that can be read");
        return pem;
    }

    /// <summary>0 when one of them is broken: half a trust bundle would lock out half a mesh in silence.</summary>
    private static int CountCertificates(string pem)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(pem);
            var count = certificates.Count;
            foreach (var certificate in certificates) certificate.Dispose();
            return count;
        }
        catch (CryptographicException)
        {
            return 0;
        }
    }
}
