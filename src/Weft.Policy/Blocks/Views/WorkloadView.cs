using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads a Workload block.</summary>
public readonly ref struct WorkloadView(BlockView block)
{
    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    /// <summary>istio.workload.Workload.uid.</summary>
    public ReadOnlySpan<byte> Uid => Block.Name;

    public ref readonly WorkloadRecord Root => ref Block.Root<WorkloadRecord>();

    public ReadOnlySpan<PrefixRecord> Addresses => Block.Section<PrefixRecord>(BlockSection.Prefixes);
}
