using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>Istio's host-name rules (<c>pkg/config/host</c>): short names, left-most wildcards, most specific match. Pure.</summary>
public static class HostName
{
    /// <summary>
    /// The full name of a host as a rule in <paramref name="ruleNamespace"/> means it: a name without a dot is a service of that namespace; everything else
    /// (wildcards, IP addresses, names with a dot) is taken as written. Lower case.
    /// </summary>
    public static string Resolve(string host, string ruleNamespace, string clusterDomain = "cluster.local")
    {
        string lower = host.ToLowerInvariant();
        return lower.Length == 0 || lower.Contains('.', StringComparison.Ordinal) || lower.Contains('*', StringComparison.Ordinal) || lower.Contains(':', StringComparison.Ordinal)
            ? lower
            : $"{lower}.{ruleNamespace}.svc.{clusterDomain}";
    }

    /// <summary>The full name of a Kubernetes Service.</summary>
    public static string OfService(string name, string serviceNamespace, string clusterDomain = "cluster.local") =>
        $"{name}.{serviceNamespace}.svc.{clusterDomain}";

    /// <summary>True for <c>*</c> and <c>*.example.com</c>.</summary>
    public static bool IsWildcard(string host) => host.Length > 0 && host[0] == '*';

    /// <summary>True when the sets of names overlap, either side may be a wildcard.</summary>
    public static bool Matches(string left, string right)
    {
        if (IsWildcard(left))
        {
            return IsWildcard(right)
                ? left.Length < right.Length ? right.AsSpan(1).EndsWith(left.AsSpan(1), StringComparison.Ordinal) : left.AsSpan(1).EndsWith(right.AsSpan(1), StringComparison.Ordinal)
                : right.AsSpan().EndsWith(left.AsSpan(1), StringComparison.Ordinal);
        }

        return IsWildcard(right) ? left.AsSpan().EndsWith(right.AsSpan(1), StringComparison.Ordinal) : string.Equals(left, right, StringComparison.Ordinal);
    }

    /// <summary>True when every name of <paramref name="inner"/> is a name of <paramref name="outer"/>.</summary>
    public static bool IsSubsetOf(string inner, string outer)
    {
        if (!IsWildcard(inner))
        {
            return IsWildcard(outer) ? inner.AsSpan().EndsWith(outer.AsSpan(1), StringComparison.Ordinal) : string.Equals(inner, outer, StringComparison.Ordinal);
        }

        return IsWildcard(outer) && inner.Length >= outer.Length && inner.AsSpan(1).EndsWith(outer.AsSpan(1), StringComparison.Ordinal);
    }

    /// <summary>The most specific of <paramref name="candidates"/> that covers <paramref name="needle"/>: exact first, then the longest wildcard. Null when none does.</summary>
    public static string? MostSpecific(string needle, IEnumerable<string> candidates)
    {
        string? best = null;
        foreach (string candidate in candidates)
        {
            if (IsSubsetOf(needle, candidate) && (best is null || Compare(candidate, best) < 0))
            {
                best = candidate;
            }
        }

        return best;
    }

    /// <summary>Orders hosts most specific first: names before wildcards, long before short, then by ordinal.</summary>
    public static int Compare(string left, string right)
    {
        bool leftWild = IsWildcard(left);
        if (leftWild != IsWildcard(right))
        {
            return leftWild ? 1 : -1;
        }

        int byLength = right.Length.CompareTo(left.Length);
        return byLength != 0 ? byLength : string.CompareOrdinal(left, right);
    }
}
