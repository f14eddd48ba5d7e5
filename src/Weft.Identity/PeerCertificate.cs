using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity;

/// <summary>
/// Verifies a peer's certificate off the data path (the control plane's own port): chain to the bundle, times, leaf constraints, usage, and
/// exactly one URI name that is a SPIFFE id (X509-SVID 5, attacks.md T53). The data path does the same with OpenSSL.
/// </summary>
public static class PeerCertificate
{
    /// <summary>The usage that a client's certificate must allow.</summary>
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    /// <summary>The usage that a server's certificate must allow.</summary>
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private const string SubjectAlternativeName = "2.5.29.17";

    /// <summary>Never throws for anything that a peer sent; <paramref name="error"/> says why it was refused.</summary>
    public static bool TryVerify(
        X509Certificate2 leaf, X509Certificate2Collection? others, TrustBundle bundle, string usage, DateTimeOffset now, out SpiffeId id, out string error)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(bundle);
        id = default;
        try
        {
            error = CheckLeaf(leaf, usage, now);
            if (error.Length == 0) error = CheckChain(leaf, others, bundle, usage, now);
            if (error.Length == 0) error = ReadId(leaf, out id);
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException or ArgumentException)
        {
            error = $"the certificate cannot be verified: {e.Message}";
        }

        if (error.Length > 0) id = default;
        return error.Length == 0;
    }

    /// <summary>The same without a SPIFFE id: a control plane that is known by its DNS name, which the caller compares.</summary>
    public static bool TryVerifyServer(
        X509Certificate2 leaf, X509Certificate2Collection? others, TrustBundle bundle, DateTimeOffset now, out string error)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        ArgumentNullException.ThrowIfNull(bundle);
        try
        {
            error = CheckLeaf(leaf, ServerAuth, now);
            if (error.Length == 0) error = CheckChain(leaf, others, bundle, ServerAuth, now);
        }
        catch (CryptographicException e)
        {
            error = $"the certificate cannot be verified: {e.Message}";
        }

        return error.Length == 0;
    }

    private static string CheckLeaf(X509Certificate2 leaf, string usage, DateTimeOffset now)
    {
        if (now < leaf.NotBefore) return $"the certificate is not valid before {leaf.NotBefore.ToUniversalTime():u}";
        if (now > leaf.NotAfter) return $"the certificate has expired at {leaf.NotAfter.ToUniversalTime():u}";
        var mayDoThis = false;
        foreach (var extension in leaf.Extensions)
        {
            switch (extension)
            {
                case X509BasicConstraintsExtension { CertificateAuthority: true }:
                    return "the certificate is a CA's";
                case X509KeyUsageExtension keyUsage when (keyUsage.KeyUsages & (X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign)) != 0:
                    return "the certificate may sign certificates";
                case X509KeyUsageExtension keyUsage when (keyUsage.KeyUsages & X509KeyUsageFlags.DigitalSignature) == 0:
                    return "the certificate may not sign handshakes";
                case X509EnhancedKeyUsageExtension enhanced:
                    foreach (var oid in enhanced.EnhancedKeyUsages) mayDoThis |= oid.Value == usage;
                    break;
            }
        }

        return mayDoThis ? "" : usage == ClientAuth ? "the certificate is not for clients" : "the certificate is not for servers";
    }

    private static string CheckChain(X509Certificate2 leaf, X509Certificate2Collection? others, TrustBundle bundle, string usage, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(usage));
        foreach (var root in bundle.Roots) chain.ChainPolicy.CustomTrustStore.Add(root);
        if (others is not null) chain.ChainPolicy.ExtraStore.AddRange(others);
        if (chain.Build(leaf)) return "";
        foreach (var status in chain.ChainStatus) return $"the certificate is not trusted: {status.Status}";
        return "the certificate is not trusted";
    }

    private static string ReadId(X509Certificate2 leaf, out SpiffeId id)
    {
        id = default;
        var uris = new List<string>();
        foreach (var extension in leaf.Extensions)
        {
            if (extension.Oid?.Value == SubjectAlternativeName) ReadUris(extension.RawData, uris);
        }

        if (uris.Count != 1) return uris.Count == 0 ? "the certificate has no URI name" : "the certificate has more than one URI name";
        return SpiffeId.TryParse(uris[0], out id, out var why) ? "" : $"the certificate's URI name is not a SPIFFE id: {why}";
    }

    private static void ReadUris(byte[] names, List<string> uris)
    {
        // GeneralName: uniformResourceIdentifier [6] IA5String (RFC 5280 4.2.1.6).
        var uri = new Asn1Tag(TagClass.ContextSpecific, 6);
        var reader = new AsnReader(names, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            if (reader.PeekTag().HasSameClassAndValue(uri)) uris.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, uri));
            else reader.ReadEncodedValue();
        }
    }
}
