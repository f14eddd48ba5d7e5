using System;
using System.Buffers;

namespace Weft.Native.OpenSsl;

/// <summary>
/// The SPIFFE-ID grammar (SPIFFE-ID section 2): <c>spiffe://</c>, a trust domain of [a-z0-9.-_], segments of [A-Za-z0-9.-_]. Nothing is decoded or
/// folded: NUL, percent, wildcard, user, port, query, upper-case domain and look-alike letters all fall outside it.
/// </summary>
public static class SpiffeIdSyntax
{
    /// <summary>Longest id, in bytes (SPIFFE-ID section 2.3).</summary>
    public const int MaxLength = 2048;

    private const int MaxTrustDomainLength = 255;
    private static readonly SearchValues<byte> DomainBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.-_"u8);
    private static readonly SearchValues<byte> PathBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_/"u8);

    /// <summary>True for a well-formed id of a workload: it has a path.</summary>
    public static bool IsWorkloadId(ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxLength || !id.StartsWith("spiffe://"u8))
        {
            return false;
        }

        ReadOnlySpan<byte> domain = TrustDomain(id);
        ReadOnlySpan<byte> path = id[("spiffe://".Length + domain.Length)..];
        return domain.Length is > 0 and <= MaxTrustDomainLength
            && !domain.ContainsAnyExcept(DomainBytes)
            && path.Length > 1
            && !path.ContainsAnyExcept(PathBytes)
            && HasOrdinarySegments(path);
    }

    /// <summary>The part between <c>spiffe://</c> and the next slash; empty when the scheme is another.</summary>
    public static ReadOnlySpan<byte> TrustDomain(ReadOnlySpan<byte> id)
    {
        if (!id.StartsWith("spiffe://"u8))
        {
            return default;
        }

        ReadOnlySpan<byte> rest = id["spiffe://".Length..];
        int slash = rest.IndexOf((byte)'/');
        return slash < 0 ? rest : rest[..slash];
    }

    // No empty, "." or ".." segment, and no slash at the end.
    private static bool HasOrdinarySegments(ReadOnlySpan<byte> path)
    {
        while (!path.IsEmpty)
        {
            path = path[1..];
            int slash = path.IndexOf((byte)'/');
            ReadOnlySpan<byte> segment = slash < 0 ? path : path[..slash];
            if (segment.IsEmpty || segment.SequenceEqual("."u8) || segment.SequenceEqual(".."u8))
            {
                return false;
            }

            path = path[segment.Length..];
        }

        return true;
    }
}
