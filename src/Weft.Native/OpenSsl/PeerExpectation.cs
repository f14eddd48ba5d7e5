using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Weft.Native.OpenSsl;

/// <summary>
/// Who the peer may be: exact SPIFFE ids, or anyone of some trust domains. Immutable, made when configuration is published, shared by connections.
/// Compared byte by byte; there is no pattern language, so nothing can be matched by accident.
/// </summary>
public sealed class PeerExpectation
{
    private readonly byte[][] _exact;
    private readonly byte[][] _trustDomains;

    private PeerExpectation(IEnumerable<string> exact, IEnumerable<string> trustDomains)
    {
        _exact = [.. exact.Select(Encoding.UTF8.GetBytes)];
        _trustDomains = [.. trustDomains.Select(domain => Encoding.UTF8.GetBytes("spiffe://" + domain + "/"))];
    }

    /// <summary>Anyone whose chain ends in the trust bundle and who has a well-formed SPIFFE id.</summary>
    public static PeerExpectation AnyTrusted { get; } = new([], []);

    /// <summary>One of these ids, such as "spiffe://cluster.local/ns/grid/sa/web". At least one.</summary>
    public static PeerExpectation Ids(IReadOnlyCollection<string> spiffeIds) => Build(spiffeIds, []);

    /// <summary>Anyone of these trust domains, such as "cluster.local". At least one.</summary>
    public static PeerExpectation TrustDomains(IReadOnlyCollection<string> trustDomains) => Build([], trustDomains);

    /// <summary>One of these ids, or anyone of these trust domains. At least one of either.</summary>
    /// <exception cref="ArgumentException">Nothing is expected: that would accept everybody, which <see cref="AnyTrusted"/> says openly.</exception>
    public static PeerExpectation Build(IReadOnlyCollection<string> spiffeIds, IReadOnlyCollection<string> trustDomains)
    {
        ArgumentNullException.ThrowIfNull(spiffeIds);
        ArgumentNullException.ThrowIfNull(trustDomains);
        if (spiffeIds.Count == 0 && trustDomains.Count == 0)
        {
            throw new ArgumentException("expect at least one id or trust domain, or say AnyTrusted");
        }

        return new PeerExpectation(spiffeIds, trustDomains);
    }

    /// <summary>None, or why a peer with this (well-formed) id is refused.</summary>
    public TlsFailureKind Check(ReadOnlySpan<byte> spiffeId)
    {
        if (_exact.Length == 0 && _trustDomains.Length == 0)
        {
            return TlsFailureKind.None;
        }

        bool sameDomain = false;
        foreach (byte[] exact in _exact)
        {
            if (spiffeId.SequenceEqual(exact))
            {
                return TlsFailureKind.None;
            }

            sameDomain |= SpiffeIdSyntax.TrustDomain(spiffeId).SequenceEqual(SpiffeIdSyntax.TrustDomain(exact));
        }

        foreach (byte[] domain in _trustDomains)
        {
            if (spiffeId.StartsWith(domain))
            {
                return TlsFailureKind.None;
            }
        }

        return sameDomain ? TlsFailureKind.PeerIdentityUnexpected : TlsFailureKind.PeerTrustDomainUnexpected;
    }
}
