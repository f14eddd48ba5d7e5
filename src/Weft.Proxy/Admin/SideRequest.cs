using System;

namespace Weft.Proxy.Admin;

/// <summary>One request to a side server: what the handlers of admin, metrics and readiness need and no more.</summary>
/// <param name="Method">GET, HEAD or POST; anything else was refused before.</param>
/// <param name="Path">Path without the query.</param>
/// <param name="Query">Query without the question mark; empty if none.</param>
/// <param name="MayChange">True on the Unix socket that only the owner of the proxy reaches: verbs that change the proxy are allowed.</param>
public readonly record struct SideRequest(string Method, string Path, string Query, bool MayChange)
{
    /// <summary>Value of one query parameter, percent-decoded; null if absent; empty for a bare name.</summary>
    public string? Parameter(string name)
    {
        foreach (var pair in Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string key = equals < 0 ? pair : pair[..equals];
            if (string.Equals(Uri.UnescapeDataString(key), name, StringComparison.Ordinal))
                return equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
        }
        return null;
    }
}
