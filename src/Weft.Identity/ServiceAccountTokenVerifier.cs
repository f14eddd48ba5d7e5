using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Weft.Identity;

/// <summary>
/// Decides whether a token is one of ours. The rules are constants, not options: ES256 and our key only whatever the header says, our
/// issuer, one of the wanted audiences, within its times, at most 24 h long, and bound to a service account that its subject also names.
/// Never throws on any text. Any thread.
/// </summary>
public sealed class ServiceAccountTokenVerifier : IDisposable
{
    /// <summary>Larger is not one of ours: a real projected token has about 1 KB.</summary>
    public const int MaxLength = 8 * 1024;

    /// <summary>How far two clocks on one mesh may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan MaxLifetime = TimeSpan.FromHours(24);
    private readonly string _issuer;
    private readonly string _keyId;
    private readonly ECDsa _key;

    public ServiceAccountTokenVerifier(string issuer, string keyId, ReadOnlySpan<byte> subjectPublicKeyInfo)
    {
        _issuer = issuer;
        _keyId = keyId;
        _key = ECDsa.Create();
        _key.ImportSubjectPublicKeyInfo(subjectPublicKeyInfo, out _);
    }

    /// <summary><paramref name="error"/> is for the log of the verifier; it never contains the token.</summary>
    public bool TryVerify(
        string? token, string audience, DateTimeOffset now, [NotNullWhen(true)] out ServiceAccountToken? claims, out string error)
    {
        claims = null;
        error = "";
        if (string.IsNullOrEmpty(token)) error = "no token";
        else if (token.Length > MaxLength) error = "the token is too large";
        if (error.Length > 0) return false;
        try
        {
            error = Verify(token!, audience, now, out claims);
        }
        catch (Exception e) when (e is JsonException or FormatException or CryptographicException or InvalidOperationException or ArgumentException)
        {
            // JsonElement and Base64Url have no other way to say "not that shape".
            error = "the token is malformed";
        }

        if (error.Length > 0) claims = null;
        return claims is not null;
    }

    public void Dispose() => _key.Dispose();

    private string Verify(string token, string audience, DateTimeOffset now, out ServiceAccountToken? claims)
    {
        claims = null;
        var first = token.IndexOf('.', StringComparison.Ordinal);
        var last = token.LastIndexOf('.');
        if (first <= 0 || last <= first || token.AsSpan(first + 1, last - first - 1).Contains('.')) return "the token is not a compact JWS";
        using (var header = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(0, first))))
        {
            if (Text(header.RootElement, "alg") != "ES256") return "the token's algorithm is not ES256";
            if (Text(header.RootElement, "kid") != _keyId) return "the token is signed with another key";
            // RFC 7515 4.1.11: what one does not understand and must, one refuses.
            if (header.RootElement.TryGetProperty("crit", out _)) return "the token has critical headers";
        }

        var signature = Base64Url.DecodeFromChars(token.AsSpan(last + 1));
        var signed = Encoding.ASCII.GetBytes(token[..last]);
        if (signature.Length != 64
            || !_key.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
        {
            return "the token's signature is wrong";
        }

        using var body = JsonDocument.Parse(Base64Url.DecodeFromChars(token.AsSpan(first + 1, last - first - 1)));
        claims = Read(body.RootElement);
        return Refuse(claims, Text(body.RootElement, "sub"), audience, now);
    }

    private string Refuse(ServiceAccountToken claims, string subject, string audience, DateTimeOffset now)
    {
        if (claims.Issuer != _issuer) return "the token has another issuer";
        if (!Contains(claims.Audiences, audience)) return $"the token is not for audience {audience}";
        if (claims.Expires + ClockSkew <= now) return "the token has expired";
        if (claims.NotBefore - ClockSkew > now || claims.IssuedAt - ClockSkew > now) return "the token is not valid yet";
        if (claims.Expires - claims.IssuedAt > MaxLifetime) return "the token lives longer than 24 h";
        if (claims.Namespace.Length == 0 || claims.ServiceAccount.Length == 0) return "the token names no service account";
        return claims.Subject == subject ? "" : "the token's subject is not its service account";
    }

    private static ServiceAccountToken Read(JsonElement body)
    {
        var bound = body.GetProperty("kubernetes.io");
        return new ServiceAccountToken
        {
            Issuer = Text(body, "iss"),
            Audiences = Audiences(body),
            Namespace = Text(bound, "namespace"),
            ServiceAccount = Reference(bound, "serviceaccount", "name"),
            ServiceAccountUid = Reference(bound, "serviceaccount", "uid"),
            PodName = Reference(bound, "pod", "name"),
            PodUid = Reference(bound, "pod", "uid"),
            NodeName = Reference(bound, "node", "name"),
            NodeUid = Reference(bound, "node", "uid"),
            IssuedAt = Time(body, "iat"),
            NotBefore = Time(body, "nbf"),
            Expires = Time(body, "exp"),
            Id = Text(body, "jti"),
        };
    }

    private static List<string> Audiences(JsonElement body)
    {
        var list = new List<string>();
        var aud = body.GetProperty("aud");
        if (aud.ValueKind == JsonValueKind.String) list.Add(aud.GetString()!);
        else foreach (var one in aud.EnumerateArray()) list.Add(one.GetString() ?? "");
        return list;
    }

    private static bool Contains(IReadOnlyList<string> list, string value)
    {
        foreach (var one in list)
        {
            if (one == value) return true;
        }

        return false;
    }

    private static DateTimeOffset Time(JsonElement body, string name) => DateTimeOffset.FromUnixTimeSeconds(body.GetProperty(name).GetInt64());

    private static string Reference(JsonElement bound, string name, string property) =>
        bound.TryGetProperty(name, out var reference) ? Text(reference, property) : "";

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
