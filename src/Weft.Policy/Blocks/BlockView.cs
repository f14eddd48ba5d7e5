using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Policy.Blocks;

/// <summary>
/// Reads a block: its arrays as spans, its texts as UTF-8. Costs nothing to make; valid as long as the bytes are (one turn of a loop, or while a
/// reader is pinned). The typed views (<see cref="ListenerView"/>, <see cref="VirtualHostView"/>, …) are this with names on it.
/// </summary>
public readonly ref struct BlockView
{
    /// <summary>Raised whenever a record, section or the hash changes: a block of another version is not read.</summary>
    public const ushort FormatVersion = 1;

    private readonly ReadOnlySpan<byte> _bytes;

    public BlockView(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    public bool IsEmpty => _bytes.IsEmpty;

    public ReadOnlySpan<byte> Bytes => _bytes;

    public BlockKind Kind => IsEmpty ? BlockKind.None : (BlockKind)Header.Kind;

    /// <summary>The resource's name.</summary>
    public ReadOnlySpan<byte> Name => Utf8(Header.Name);

    internal ulong NameHash => Header.NameHash;

    private ref readonly BlockHeader Header => ref MemoryMarshal.AsRef<BlockHeader>(_bytes);

    /// <summary>True when the bytes are a block of this format, whole: what a file mapped from disk must pass before use.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < BlockHeader.Size)
            return false;
        ref readonly BlockHeader header = ref MemoryMarshal.AsRef<BlockHeader>(bytes);
        return header.Magic == BlockHeader.MagicValue && header.Format == FormatVersion && header.Length == bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Utf8(Text text) => SectionBytes(BlockSection.Text).Slice(text.Offset, text.Length);

    /// <summary>The text as a string: for traces and dumps, never on the hot path.</summary>
    public string String(Text text) => System.Text.Encoding.UTF8.GetString(Utf8(text));

    public string String(NameRef name) => String(name.Text);

    public ReadOnlySpan<byte> Embedded(Embedded range) => SectionBytes(BlockSection.Embedded).Slice(range.Offset, range.Length);

    public ReadOnlySpan<Text> Texts(Run run) => Slice<Text>(BlockSection.Texts, run);

    public ReadOnlySpan<int> Numbers(Run run) => Slice<int>(BlockSection.Numbers, run);

    public ReadOnlySpan<StringMatcherRecord> StringMatchers(Run run) => Slice<StringMatcherRecord>(BlockSection.StringMatchers, run);

    public ReadOnlySpan<HeaderOpRecord> HeaderOps(Run run) => Slice<HeaderOpRecord>(BlockSection.HeaderOps, run);

    public ReadOnlySpan<FormatSegmentRecord> FormatSegments(Run run) => Slice<FormatSegmentRecord>(BlockSection.FormatSegments, run);

    public ReadOnlySpan<WeightedClusterRecord> WeightedClusters(Run run) => Slice<WeightedClusterRecord>(BlockSection.WeightedClusters, run);

    public ReadOnlySpan<PairRecord> Pairs(Run run) => Slice<PairRecord>(BlockSection.Pairs, run);

    public ReadOnlySpan<OriginRecord> OriginRecords(Run run) => Slice<OriginRecord>(BlockSection.Origins, run);

    /// <summary>The origins of one thing, as objects: for traces and dumps.</summary>
    public Origin[] Origins(Run run)
    {
        ReadOnlySpan<OriginRecord> records = OriginRecords(run);
        var origins = new Origin[records.Length];
        for (int i = 0; i < records.Length; i++)
        {
            ref readonly OriginRecord o = ref records[i];
            origins[i] = new Origin(String(o.Aspect), String(o.Kind), String(o.Namespace), String(o.Name), String(o.FieldPath));
        }

        return origins;
    }

    /// <summary>The origins of one thing whose aspect is <paramref name="aspect"/>; those of the thing itself when there is none.</summary>
    public Origin[] Origins(Run run, string aspect)
    {
        Origin[] all = Origins(run);
        Origin[] found = Array.FindAll(all, o => o.Aspect == aspect);
        return found.Length > 0 ? found : Array.FindAll(all, o => o.Aspect.Length == 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<T> Section<T>(BlockSection section)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(SectionBytes(section));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<T> Slice<T>(BlockSection section, Run run)
        where T : unmanaged
        => run.Count == 0 ? default : Section<T>(section).Slice(run.Start, run.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly T At<T>(BlockSection section, int index)
        where T : unmanaged
        => ref Section<T>(section)[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly T Root<T>()
        where T : unmanaged
        => ref MemoryMarshal.AsRef<T>(SectionBytes(BlockSection.Root));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ReadOnlySpan<byte> SectionBytes(BlockSection section)
    {
        ulong present = Header.Sections;
        ulong bit = 1UL << (int)section;
        if ((present & bit) == 0)
            return default;
        int index = BitOperations.PopCount(present & (bit - 1));
        ref readonly SectionEntry entry = ref MemoryMarshal.AsRef<SectionEntry>(_bytes[(BlockHeader.Size + index * 8)..]);
        return _bytes.Slice(entry.Offset, entry.ByteLength);
    }
}
