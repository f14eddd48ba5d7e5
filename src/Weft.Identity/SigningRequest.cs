using System;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity;

/// <summary>Reads what a caller sends: one PKCS#10 request, of which only the public key is taken.</summary>
internal static class SigningRequest
{
    private const string Label = "CERTIFICATE REQUEST";
    private const string P256 = "1.2.840.10045.3.1.7";
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";

    /// <summary>Null on success, else the refusal.</summary>
    public static IssueResult? TryRead(string pem, int maxLength, out PublicKey? key)
    {
        key = null;
        if (string.IsNullOrEmpty(pem)) return Bad("the signing request is empty");
        if (pem.Length > maxLength) return Bad($"the signing request is larger than {maxLength} characters");
        if (!PemEncoding.TryFind(pem, out var fields)) return Bad("the signing request is not PEM");
        if (!pem.AsSpan()[fields.Label].SequenceEqual(Label)) return Bad($"expected PEM of type {Label}");
        if (!IsBlank(pem.AsSpan(0, fields.Location.Start.Value)) || !IsBlank(pem.AsSpan()[fields.Location.End..]))
        {
            return Bad("the signing request has something before or after it");
        }

        try
        {
            // Loading checks the signature: the caller holds the key.
            var request = CertificateRequest.LoadSigningRequestPem(
                pem, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.Default, RSASignaturePadding.Pkcs1);
            if (RefuseKey(request.PublicKey) is { } why) return IssueResult.Refused(IssueFault.BadKey, why);
            key = request.PublicKey;
            return null;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException or NotSupportedException)
        {
            return Bad("the signing request is malformed or its signature is wrong");
        }
    }

    private static string? RefuseKey(PublicKey key)
    {
        switch (key.Oid.Value)
        {
            case EcPublicKey:
                using (var ec = key.GetECDsaPublicKey())
                {
                    var curve = ec?.ExportParameters(false).Curve;
                    return curve is { IsNamed: true } && curve.Value.Oid.Value == P256 ? null : "an elliptic curve key must be P-256";
                }

            case RsaEncryption:
                using (var rsa = key.GetRSAPublicKey())
                {
                    return rsa is { KeySize: >= 2048 and <= 4096 } ? null : "an RSA key must have 2048 to 4096 bits";
                }

            default:
                return "the key must be P-256 or RSA";
        }
    }

    private static bool IsBlank(ReadOnlySpan<char> text) => text.Trim().IsEmpty;

    private static IssueResult Bad(string message) => IssueResult.Refused(IssueFault.BadRequest, message);
}
