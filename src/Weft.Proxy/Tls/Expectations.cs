using System;
using System.Collections.Generic;
using Weft.Native.OpenSsl;
using Weft.Policy.Model;
using Weft.Policy.Blocks;

namespace Weft.Proxy.Tls;

/// <summary>Turns what configuration expects of a peer's names into what the TLS library checks. When a cluster or chain is seen first; allocates.</summary>
internal static class Expectations
{
    private const string Scheme = "spiffe://";

    public static AlpnList Alpn(BlockView block, Run protocols)
    {
        if (protocols.IsEmpty) return AlpnList.None;
        var names = new List<string>(protocols.Count);
        foreach (var text in block.Texts(protocols)) names.Add(block.String(text));
        return new AlpnList(names);
    }

    /// <summary>
    /// Exact SPIFFE ids, and prefixes that name a whole trust domain. Null if a matcher is of a kind that could match by accident
    /// (suffix, contains, regular expression, part of a path): such a peer can then not be proven, and connections are refused.
    /// </summary>
    public static PeerExpectation? Peers(BlockView block, Run matchers)
    {
        if (matchers.IsEmpty) return PeerExpectation.AnyTrusted;
        var ids = new List<string>();
        var domains = new List<string>();
        foreach (ref readonly var matcher in block.StringMatchers(matchers))
        {
            string value = block.String(matcher.Value);
            if (matcher.IgnoreCase != 0 || !value.StartsWith(Scheme, StringComparison.Ordinal)) return null;
            if (matcher.Kind == StringMatchKind.Exact) ids.Add(value);
            else if (matcher.Kind == StringMatchKind.Prefix && value.IndexOf('/', Scheme.Length) == value.Length - 1) domains.Add(value[Scheme.Length..^1]);
            else return null;
        }
        return PeerExpectation.Build(ids, domains);
    }
}
