using System;
using System.Collections.Generic;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>Domains of one VHDS route table: which slot of the virtual host table answers for a host. Built at publish, immutable.</summary>
internal sealed class RouteTableIndex
{
    /// <summary>Set in a claim's virtual host when it is a slot; clear when it is the ordinal of an inline virtual host.</summary>
    public const int SlotFlag = 1 << 30;

    private readonly DomainTableRecord _shape;
    private readonly DomainBucketRecord[] _buckets;
    private readonly int[] _lengths;

    private RouteTableIndex(DomainTableRecord shape, DomainBucketRecord[] buckets, int[] lengths)
    {
        _shape = shape;
        _buckets = buckets;
        _lengths = lengths;
    }

    public DomainTable Domains => new(_shape, _buckets, _lengths);

    /// <summary>
    /// Collects what the table's virtual hosts claim. Virtual hosts are taken by name, not by slot, so that two proxies with different histories
    /// decide alike when two of them claim one domain.
    /// </summary>
    public static RouteTableIndex Build(RouteTableView table, BlockTable virtualHosts)
    {
        var claims = new List<DomainClaim>();
        for (int i = 0; i < table.InlineCount; i++)
            Claim(claims, table.Inline(i), i);

        var slots = new List<int>();
        for (int slot = 0; slot < virtualHosts.Slots; slot++)
        {
            if (!virtualHosts[slot].Block.IsEmpty && BelongsTo(table.Name, new BlockView(virtualHosts[slot].Block.Bytes).Name))
                slots.Add(slot);
        }

        slots.Sort((a, b) => new BlockView(virtualHosts[a].Block.Bytes).Name.SequenceCompareTo(new BlockView(virtualHosts[b].Block.Bytes).Name));
        foreach (int slot in slots)
            Claim(claims, new VirtualHostView(new BlockView(virtualHosts[slot].Block.Bytes)), slot | SlotFlag);
        DomainTableRecord shape = DomainTable.Build(claims, out DomainBucketRecord[] buckets, out int[] lengths);
        return new RouteTableIndex(shape, buckets, lengths);
    }

    /// <summary>Whether a virtual host resource named <c>TABLE/NAME</c> is this table's.</summary>
    public static bool BelongsTo(ReadOnlySpan<byte> table, ReadOnlySpan<byte> virtualHost)
        => virtualHost.Length > table.Length && virtualHost[table.Length] == (byte)'/' && virtualHost.StartsWith(table);

    /// <summary>True when both virtual hosts claim the same domains in the same order, so that an index over one serves the other.</summary>
    public static bool SameDomains(VirtualHostView a, VirtualHostView b)
    {
        ReadOnlySpan<Text> left = a.Block.Texts(a.Root.Domains);
        ReadOnlySpan<Text> right = b.Block.Texts(b.Root.Domains);
        if (left.Length != right.Length)
            return false;
        for (int i = 0; i < left.Length; i++)
        {
            if (!a.Block.Utf8(left[i]).SequenceEqual(b.Block.Utf8(right[i])))
                return false;
        }

        return true;
    }

    private static void Claim(List<DomainClaim> claims, VirtualHostView virtualHost, int reference)
    {
        ReadOnlySpan<Text> domains = virtualHost.Block.Texts(virtualHost.Root.Domains);
        for (int i = 0; i < domains.Length; i++)
            claims.Add(DomainClaim.Of(virtualHost.Block.Utf8(domains[i]), reference, i));
    }
}
