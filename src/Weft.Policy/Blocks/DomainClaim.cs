using System;

namespace Weft.Policy.Blocks;

/// <summary>One domain on its way into a <see cref="DomainTable"/>.</summary>
internal readonly record struct DomainClaim(DomainKind Kind, ulong Hash, int FixedLength, int VirtualHost, int Domain)
{
    /// <param name="domain">Lower-case, not empty.</param>
    /// <param name="virtualHost">Ordinal, or slot with <see cref="Snapshot.RouteTableIndex.SlotFlag"/>.</param>
    /// <param name="index">Which of the virtual host's domains.</param>
    public static DomainClaim Of(ReadOnlySpan<byte> domain, int virtualHost, int index)
    {
        if (domain is [(byte)'*'])
            return new DomainClaim(DomainKind.Any, 0, 0, virtualHost, index);
        if (domain[0] == (byte)'*')
            return new DomainClaim(DomainKind.Suffix, NameHash.Of(domain[1..]) ^ DomainTable.SuffixSalt, domain.Length - 1, virtualHost, index);
        if (domain[^1] == (byte)'*')
            return new DomainClaim(DomainKind.Prefix, NameHash.Of(domain[..^1]) ^ DomainTable.PrefixSalt, domain.Length - 1, virtualHost, index);
        return new DomainClaim(DomainKind.Exact, NameHash.Of(domain) ^ DomainTable.ExactSalt, domain.Length, virtualHost, index);
    }
}
