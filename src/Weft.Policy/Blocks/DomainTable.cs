using System;
using System.Collections.Generic;
using System.Numerics;

namespace Weft.Policy.Blocks;

/// <summary>
/// Index over the domains of a route table's virtual hosts: exact, then longest <c>*.suffix</c>, then longest <c>prefix.*</c>, then <c>*</c>
/// (xds.md C.1). The same structure lies in a RouteTable block (inline virtual hosts) and is built at publish for virtual hosts that are resources
/// of their own. Hashes lead to (virtual host, domain); the caller compares the text, so a collision is never a match.
/// </summary>
internal readonly ref struct DomainTable(DomainTableRecord shape, ReadOnlySpan<DomainBucketRecord> buckets, ReadOnlySpan<int> lengths)
{
    internal const ulong ExactSalt = 0;
    internal const ulong SuffixSalt = 0x9E37_79B9_7F4A_7C15;
    internal const ulong PrefixSalt = 0xC2B2_AE3D_27D4_EB4F;

    private static readonly Comparer<int> LongestFirst = Comparer<int>.Create((a, b) => b.CompareTo(a));

    private readonly DomainTableRecord _shape = shape;
    private readonly ReadOnlySpan<DomainBucketRecord> _buckets = buckets;
    private readonly ReadOnlySpan<int> _lengths = lengths;

    public int AnyVirtualHost => _shape.AnyVirtualHost;

    /// <summary>Lengths of the fixed parts of suffix wildcards (<c>.example.com</c>), longest first.</summary>
    public ReadOnlySpan<int> SuffixLengths => _lengths[.._shape.SuffixLengths];

    /// <summary>Lengths of the fixed parts of prefix wildcards (<c>www.</c>), longest first.</summary>
    public ReadOnlySpan<int> PrefixLengths => _lengths.Slice(_shape.SuffixLengths, _shape.PrefixLengths);

    public bool IsEmpty => _buckets.IsEmpty && _shape.AnyVirtualHost < 0;

    /// <summary>First bucket with this hash at or after <paramref name="position"/>; the position is advanced past it. False when there is none.</summary>
    public bool TryNext(ulong hash, ref int position, out DomainBucketRecord bucket)
    {
        bucket = default;
        if (_buckets.IsEmpty)
            return false;
        int mask = _buckets.Length - 1;
        for (int probes = 0; probes <= mask; probes++)
        {
            ref readonly DomainBucketRecord candidate = ref _buckets[position & mask];
            if (candidate.VirtualHost == 0)
                return false;
            position++;
            if (candidate.Hash != hash)
                continue;
            bucket = candidate;
            return true;
        }

        return false;
    }

    /// <summary>Builds the parts. Of virtual hosts that claim one domain, the entry that comes first in the list wins.</summary>
    public static DomainTableRecord Build(List<DomainClaim> claims, out DomainBucketRecord[] buckets, out int[] lengths)
    {
        var shape = new DomainTableRecord { AnyVirtualHost = -1 };
        var suffixes = new SortedSet<int>(LongestFirst);
        var prefixes = new SortedSet<int>(LongestFirst);
        buckets = claims.Count == 0 ? [] : new DomainBucketRecord[BitOperations.RoundUpToPowerOf2((uint)claims.Count * 2)];
        shape.Buckets = buckets.Length;
        foreach (DomainClaim claim in claims)
        {
            if (claim.Kind == DomainKind.Any)
            {
                shape.AnyVirtualHost = shape.AnyVirtualHost < 0 ? claim.VirtualHost : shape.AnyVirtualHost;
                continue;
            }

            if (claim.Kind == DomainKind.Suffix)
                suffixes.Add(claim.FixedLength);
            else if (claim.Kind == DomainKind.Prefix)
                prefixes.Add(claim.FixedLength);
            int mask = buckets.Length - 1;
            int i = (int)claim.Hash & mask;
            while (buckets[i].VirtualHost != 0)
                i = (i + 1) & mask;
            buckets[i] = new DomainBucketRecord { Hash = claim.Hash, VirtualHost = claim.VirtualHost + 1, Domain = claim.Domain };
        }

        shape.SuffixLengths = suffixes.Count;
        shape.PrefixLengths = prefixes.Count;
        lengths = [.. suffixes, .. prefixes];
        return shape;
    }
}
