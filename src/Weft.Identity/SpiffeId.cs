using System;
using System.Diagnostics.CodeAnalysis;

namespace Weft.Identity;

/// <summary>
/// Who a workload is: <c>spiffe://&lt;trust-domain&gt;/ns/&lt;namespace&gt;/sa/&lt;service-account&gt;</c>, or any other valid SPIFFE id.
/// Parsed by the rules of the SPIFFE-ID standard (sections 2.1 to 2.4): a value of this type is always well formed, and two are
/// equal only if they are the same bytes. Nothing is repaired: no case folding, no unescaping.
/// </summary>
public readonly record struct SpiffeId
{
    /// <summary>The longest id we accept, in bytes: SPIFFE-ID section 2.3 asks implementations to support 2048.</summary>
    public const int MaxLength = 2048;

    /// <summary>The longest trust domain name, in bytes: SPIFFE-ID section 2.1.</summary>
    public const int MaxTrustDomainLength = 255;

    private const string Scheme = "spiffe://";
    private readonly string? _text;
    private readonly int _trustDomainLength;

    private SpiffeId(string text, int trustDomainLength)
    {
        _text = text;
        _trustDomainLength = trustDomainLength;
    }

    /// <summary>True for <c>default</c>, which names nobody.</summary>
    public bool IsEmpty => _text is null;

    /// <summary>For example <c>cluster.local</c>.</summary>
    public ReadOnlySpan<char> TrustDomain => _text is null ? [] : _text.AsSpan(Scheme.Length, _trustDomainLength);

    /// <summary>The path with its leading slash, or empty for a trust domain's own id.</summary>
    public ReadOnlySpan<char> Path => _text is null ? [] : _text.AsSpan(Scheme.Length + _trustDomainLength);

    public override string ToString() => _text ?? "";

    /// <summary>The id of a service account. False when one of the parts cannot be in a SPIFFE id.</summary>
    public static bool TryCreate(string trustDomain, string @namespace, string serviceAccount, out SpiffeId id)
    {
        ArgumentNullException.ThrowIfNull(trustDomain);
        ArgumentNullException.ThrowIfNull(@namespace);
        ArgumentNullException.ThrowIfNull(serviceAccount);
        id = default;
        return !@namespace.Contains('/', StringComparison.Ordinal) && !serviceAccount.Contains('/', StringComparison.Ordinal)
            && !trustDomain.Contains('/', StringComparison.Ordinal)
            && TryParse($"{Scheme}{trustDomain}/ns/{@namespace}/sa/{serviceAccount}", out id, out _);
    }

    /// <summary>Namespace and service account, when the path has Istio's form <c>/ns/NAMESPACE/sa/NAME</c> exactly.</summary>
    public bool TryGetServiceAccount([NotNullWhen(true)] out string? @namespace, [NotNullWhen(true)] out string? serviceAccount)
    {
        @namespace = serviceAccount = null;
        var path = Path;
        if (!path.StartsWith("/ns/", StringComparison.Ordinal)) return false;
        path = path[4..];
        var slash = path.IndexOf('/');
        if (slash <= 0 || !path[slash..].StartsWith("/sa/", StringComparison.Ordinal)) return false;
        var name = path[(slash + 4)..];
        if (name.IsEmpty || name.Contains('/')) return false;
        (@namespace, serviceAccount) = (path[..slash].ToString(), name.ToString());
        return true;
    }

    /// <summary>Never throws; <paramref name="error"/> says what is wrong, in the words of the standard.</summary>
    public static bool TryParse(string? text, out SpiffeId id, out string error)
    {
        id = default;
        error = Check(text, out var trustDomainLength);
        if (error.Length > 0) return false;
        id = new SpiffeId(text!, trustDomainLength);
        return true;
    }

    /// <summary>Whether this can be a trust domain: lower-case letters, digits, dots, dashes and underscores.</summary>
    public static bool IsTrustDomain(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || name.Length > MaxTrustDomainLength) return false;
        foreach (var c in name)
        {
            if (c is not (>= 'a' and <= 'z' or >= '0' and <= '9' or '.' or '-' or '_')) return false;
        }

        return true;
    }

    private static string Check(string? text, out int trustDomainLength)
    {
        trustDomainLength = 0;
        if (string.IsNullOrEmpty(text)) return "cannot be empty";
        if (text.Length > MaxLength) return "cannot be longer than 2048 bytes";
        if (!text.StartsWith(Scheme, StringComparison.Ordinal)) return "scheme is missing or invalid";
        var rest = text.AsSpan(Scheme.Length);
        var slash = rest.IndexOf('/');
        var trustDomain = slash < 0 ? rest : rest[..slash];
        if (trustDomain.IsEmpty) return "trust domain is missing";
        if (trustDomain.Length > MaxTrustDomainLength) return "trust domain cannot be longer than 255 bytes";
        if (!IsTrustDomain(trustDomain)) return "trust domain characters are limited to lowercase letters, numbers, dots, dashes, and underscores";
        trustDomainLength = trustDomain.Length;
        return slash < 0 ? "" : CheckPath(rest[slash..]);
    }

    private static string CheckPath(ReadOnlySpan<char> path)
    {
        var start = 1;
        for (var i = 1; i <= path.Length; i++)
        {
            if (i < path.Length && path[i] != '/')
            {
                if (!IsPathCharacter(path[i])) return "path segment characters are limited to letters, numbers, dots, dashes, and underscores";
                continue;
            }

            var segment = path[start..i];
            if (segment.IsEmpty) return i == path.Length ? "path cannot have a trailing slash" : "path cannot contain empty segments";
            if (segment is "." or "..") return "path cannot contain dot segments";
            start = i + 1;
        }

        return "";
    }

    private static bool IsPathCharacter(char c) =>
        c is >= 'a' and <= 'z' or >= 'A' and <= 'Z' or >= '0' and <= '9' or '.' or '-' or '_';
}
