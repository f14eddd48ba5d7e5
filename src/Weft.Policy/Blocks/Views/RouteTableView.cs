using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads a RouteTable block.</summary>
public readonly ref struct RouteTableView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<byte> Name => Block.Name;

    public ref readonly RouteTableRecord Root => ref Block.Root<RouteTableRecord>();

    public bool Has(RouteTableFlags flag) => (Root.Flags & flag) != 0;

    public int InlineCount => Root.InlineVirtualHosts.Count;

    /// <summary>Where inline virtual host <paramref name="ordinal"/> lies among the embedded bytes.</summary>
    public Embedded InlineRange(int ordinal) => Block.Slice<Embedded>(BlockSection.InlineRanges, Root.InlineVirtualHosts)[ordinal];

    public VirtualHostView Inline(int ordinal) => new(new BlockView(Block.Embedded(InlineRange(ordinal))));

    /// <summary>Index over the domains of the inline virtual hosts.</summary>
    internal DomainTable InlineDomains => new(
        Root.Domains, Block.Section<DomainBucketRecord>(BlockSection.DomainBuckets), Block.Section<int>(BlockSection.Lengths));
}
