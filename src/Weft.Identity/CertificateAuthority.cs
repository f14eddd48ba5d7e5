using System;
using System.Collections.Generic;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Identity;

/// <summary>
/// The mesh's certificate authority: a self-signed root and leaves for workloads. The name in a leaf is the authenticated caller's, never
/// one from the request (attacks.md T60). Any thread; the clock is an argument. It never logs and never hands out its key.
/// </summary>
public sealed class CertificateAuthority : IDisposable
{
    private const string KeyName = "root-key.pem";
    private const string CertificateName = "root-cert.pem";
    private static readonly OidCollection ServerAndClient = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")];

    private readonly CaOptions _options;
    private readonly ECDsa _key;
    private readonly X509Certificate2 _root;
    private readonly CallerBudget _budget;
    private readonly CertifiedKeys _keys;

    private CertificateAuthority(CaOptions options, ECDsa key, X509Certificate2 root)
    {
        _options = options;
        _key = key;
        _root = root;
        _budget = new CallerBudget(options.CallerBurst, options.CallerRefill, options.Memory);
        _keys = new CertifiedKeys(options.Memory);
        RootPem = root.ExportCertificatePem() + "\n";
    }

    /// <summary>What a proxy trusts.</summary>
    public string RootPem { get; }

    public string TrustDomain => _options.TrustDomain;

    public DateTimeOffset RootNotAfter => _root.NotAfter;

    /// <summary>Loads <c>root-key.pem</c> and <c>root-cert.pem</c> from <paramref name="directory"/>, or creates both when neither is there.</summary>
    /// <exception cref="InsecureKeyFileException">The key file is a link or others may read it.</exception>
    /// <exception cref="InvalidDataException">The files do not belong together, or the root has expired.</exception>
    public static CertificateAuthority LoadOrCreate(string directory, CaOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!SpiffeId.IsTrustDomain(options.TrustDomain)) throw new ArgumentException($"'{options.TrustDomain}' is not a trust domain", nameof(options));
        var keyPath = Path.Combine(directory, KeyName);
        var certificatePath = Path.Combine(directory, CertificateName);
        // Without the certificate the key is of no use, so it is written last: a crash between the two leaves a certificate to replace.
        if (!Path.Exists(keyPath) && new FileInfo(keyPath).LinkTarget is null) CreateFiles(directory, keyPath, certificatePath, options, now);
        return Load(keyPath, certificatePath, options, now);
    }

    /// <summary>A CA that lives as long as the process, for tests and fixtures.</summary>
    public static CertificateAuthority CreateEphemeral(CaOptions options, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(options);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateAuthority(options, key, SelfSign(key, options, now));
    }

    /// <summary>
    /// A leaf for <paramref name="caller"/>, whoever the request says it is. <paramref name="callerKey"/> names the caller for the rate
    /// limit (a pod's uid, or the id itself); <paramref name="requested"/> zero or negative means the usual life.
    /// </summary>
    public IssueResult Issue(string signingRequestPem, SpiffeId caller, string callerKey, TimeSpan requested, DateTimeOffset now)
    {
        if (!caller.TrustDomain.SequenceEqual(_options.TrustDomain))
        {
            return IssueResult.Refused(IssueFault.NotOurs, $"{caller} is not of trust domain {_options.TrustDomain}");
        }

        if (!_budget.TryTake(callerKey, now))
        {
            return IssueResult.Refused(IssueFault.TooMany, $"too many signing requests: one every {_options.CallerRefill.TotalSeconds:0} s");
        }

        var refusal = SigningRequest.TryRead(signingRequestPem, _options.MaxRequestLength, out var publicKey);
        if (refusal is not null) return refusal;
        if (!_keys.TryClaim(publicKey!, caller, now + _options.LeafLifetime, now))
        {
            return IssueResult.Refused(IssueFault.KeyReused, "this key was certified for another identity: make a new key");
        }

        var life = requested <= TimeSpan.Zero || requested > _options.LeafLifetime ? _options.LeafLifetime : requested;
        if (life < _options.MinLeafLifetime) life = _options.MinLeafLifetime;
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(caller.ToString()));
        using var leaf = Sign(publicKey!, names, life, now);
        return IssueResult.Issued([leaf.ExportCertificatePem() + "\n", RootPem], leaf.NotAfter, leaf.SerialNumber);
    }

    /// <summary>A certificate with its key for the control plane's own port: DNS names for proxies that know it by name, and its SPIFFE id.</summary>
    public X509Certificate2 IssueServer(IReadOnlyList<string> dnsNames, SpiffeId id, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(dnsNames);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(id.ToString()));
        foreach (var name in dnsNames) names.AddDnsName(name);
        using var leaf = Sign(new PublicKey(key), names, _options.LeafLifetime, now);
        using var withKey = leaf.CopyWithPrivateKey(key);
        // Through PKCS#12 so that the key belongs to the certificate and lives as long as it.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null);
    }

    public void Dispose()
    {
        _key.Dispose();
        _root.Dispose();
    }

    private X509Certificate2 Sign(PublicKey publicKey, SubjectAlternativeNameBuilder names, TimeSpan life, DateTimeOffset now)
    {
        // No subject: RFC 5280 4.2.1.6 then wants the alternative name critical, which no verifier may overlook.
        var request = new CertificateRequest(new X500DistinguishedName(""), publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(
            X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(ServerAndClient, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_root, true, false));
        var notBefore = now - _options.ClockSkew;
        var notAfter = now + life;
        if (notBefore < _root.NotBefore) notBefore = _root.NotBefore;
        if (notAfter > _root.NotAfter) notAfter = _root.NotAfter;
        return request.Create(_root.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), notBefore, notAfter, NewSerial());
    }

    private static byte[] NewSerial()
    {
        // 127 random bits, never negative: RFC 5280 4.1.2.2 allows 20 octets, CA/B asks for 64 bits of entropy.
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        serial[0] |= 0x40;
        return serial;
    }

    private static X509Certificate2 SelfSign(ECDsa key, CaOptions options, DateTimeOffset now)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationName(options.TrustDomain);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var name = new X500DistinguishedName(request.SubjectName);
        using var root = request.Create(name, X509SignatureGenerator.CreateForECDsa(key), now - options.ClockSkew, now + options.RootLifetime, NewSerial());
        return X509CertificateLoader.LoadCertificate(root.RawData);
    }

    private static void CreateFiles(string directory, string keyPath, string certificatePath, CaOptions options, DateTimeOffset now)
    {
        Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var root = SelfSign(key, options, now);
        File.Delete(certificatePath);
        KeyFile.CreatePublicPem(certificatePath, root.ExportCertificatePem() + "\n");
        KeyFile.CreatePem(keyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    private static CertificateAuthority Load(string keyPath, string certificatePath, CaOptions options, DateTimeOffset now)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportFromPem(KeyFile.ReadPem(keyPath));
            if (!File.Exists(certificatePath)) throw new InvalidDataException($"{certificatePath} is missing beside {keyPath}: restore it, or remove the key to make a new root");
            var root = X509Certificate2.CreateFromPem(File.ReadAllText(certificatePath));
            using var rootKey = root.GetECDsaPublicKey();
            if (rootKey is null || !rootKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
            {
                throw new InvalidDataException($"{certificatePath} does not belong to {keyPath}");
            }

            if (root.NotAfter <= now) throw new InvalidDataException($"{certificatePath} has expired at {root.NotAfter:u}: remove both files to make a new root");
            return new CertificateAuthority(options, key, root);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            key.Dispose();
            throw new InvalidDataException($"{keyPath} or {certificatePath} cannot be read: {e.Message}", e);
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }
}
