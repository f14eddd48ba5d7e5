using System;
using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Weft.Identity;

/// <summary>
/// Signs projected service account tokens as the API server does for the kubelet, with ES256 and a key of its own that it makes and keeps.
/// Any thread.
/// </summary>
public sealed class ServiceAccountTokenIssuer : IDisposable
{
    /// <summary>The issuer that a cluster made by kubeadm names.</summary>
    public const string DefaultIssuer = "https://kubernetes.default.svc.cluster.local";

    /// <summary>The audience that Istio's CA asks for.</summary>
    public const string CaAudience = "istio-ca";

    /// <summary>Life of a token: Kubernetes' default and the shortest that its expiry warnings assume.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    private readonly ECDsa _key;

    private ServiceAccountTokenIssuer(string issuer, ECDsa key)
    {
        Issuer = issuer;
        _key = key;
        var publicKey = key.ExportSubjectPublicKeyInfo();
        KeyId = Base64Url.EncodeToString(SHA256.HashData(publicKey));
        Verifier = new ServiceAccountTokenVerifier(issuer, KeyId, publicKey);
    }

    public string Issuer { get; }

    /// <summary>kid: the SHA-256 of the public key, as Kubernetes derives it.</summary>
    public string KeyId { get; }

    /// <summary>Accepts what this issuer signs.</summary>
    public ServiceAccountTokenVerifier Verifier { get; }

    public static ServiceAccountTokenIssuer Create(string issuer = DefaultIssuer) =>
        new(issuer, ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Reads the signing key, or makes it when there is none.</summary>
    /// <exception cref="InsecureKeyFileException">The key file is a link or others may read it.</exception>
    public static ServiceAccountTokenIssuer LoadOrCreate(string keyPath, string issuer = DefaultIssuer)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (System.IO.Path.Exists(keyPath) || new System.IO.FileInfo(keyPath).LinkTarget is not null)
        {
            key.ImportFromPem(KeyFile.ReadPem(keyPath));
        }
        else
        {
            KeyFile.CreatePem(keyPath, key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        return new ServiceAccountTokenIssuer(issuer, key);
    }

    /// <summary>
    /// A compact JWS. Issuer, times and id are set here; <paramref name="claims"/> gives the rest. An unset expiry means <see cref="Lifetime"/>.
    /// </summary>
    public string Sign(ServiceAccountToken claims, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(claims);
        var signed = Encode(WriteHeader) + "." + Encode(w => WriteClaims(w, claims, now));
        var signature = _key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    public void Dispose()
    {
        _key.Dispose();
        Verifier.Dispose();
    }

    private static string Encode(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer)) write(writer);
        return Base64Url.EncodeToString(buffer.WrittenSpan);
    }

    private void WriteHeader(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("alg", "ES256");
        writer.WriteString("kid", KeyId);
        writer.WriteEndObject();
    }

    private void WriteClaims(Utf8JsonWriter writer, ServiceAccountToken claims, DateTimeOffset now)
    {
        var expires = claims.Expires == default ? now + Lifetime : claims.Expires;
        writer.WriteStartObject();
        writer.WriteStartArray("aud");
        foreach (var audience in claims.Audiences) writer.WriteStringValue(audience);
        writer.WriteEndArray();
        writer.WriteNumber("exp", expires.ToUnixTimeSeconds());
        writer.WriteNumber("iat", now.ToUnixTimeSeconds());
        writer.WriteString("iss", Issuer);
        writer.WriteString("jti", Guid.NewGuid());
        writer.WriteStartObject("kubernetes.io");
        writer.WriteString("namespace", claims.Namespace);
        WriteReference(writer, "node", claims.NodeName, claims.NodeUid);
        WriteReference(writer, "pod", claims.PodName, claims.PodUid);
        WriteReference(writer, "serviceaccount", claims.ServiceAccount, claims.ServiceAccountUid);
        writer.WriteEndObject();
        writer.WriteNumber("nbf", now.ToUnixTimeSeconds());
        writer.WriteString("sub", claims.Subject);
        writer.WriteEndObject();
    }

    private static void WriteReference(Utf8JsonWriter writer, string property, string name, string uid)
    {
        if (name.Length == 0) return;
        writer.WriteStartObject(property);
        writer.WriteString("name", name);
        writer.WriteString("uid", uid);
        writer.WriteEndObject();
    }
}
