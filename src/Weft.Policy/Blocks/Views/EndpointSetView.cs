using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads an EndpointSet block.</summary>
public readonly ref struct EndpointSetView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<byte> Name => Block.Name;

    public ref readonly EndpointSetRecord Root => ref Block.Root<EndpointSetRecord>();

    /// <summary>All endpoints, sorted by priority, ready ones first within each.</summary>
    public ReadOnlySpan<EndpointRecord> Endpoints => Block.Section<EndpointRecord>(BlockSection.Endpoints);

    public ReadOnlySpan<PriorityRecord> Priorities => Block.Section<PriorityRecord>(BlockSection.Priorities);
}
