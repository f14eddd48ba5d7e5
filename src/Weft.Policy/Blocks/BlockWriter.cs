using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Weft.Policy.Blocks;

/// <summary>
/// Collects a block's arrays and texts, then lays them out. Off-loop only; allocates. Deterministic: the same calls in the same order give the
/// same bytes, equal texts are stored once, and records have no padding (a test holds that), so the digest is of the meaning.
/// </summary>
internal sealed class BlockWriter(BlockKind kind)
{
    private const int SectionAlignment = 8;

    private readonly List<byte>?[] _sections = new List<byte>?[64];
    private readonly int[] _counts = new int[64];
    private readonly Dictionary<string, Text> _texts = new(StringComparer.Ordinal);

    public Text Text(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return default;
        if (_texts.TryGetValue(value, out Text known))
            return known;
        Text text = Bytes(Encoding.UTF8.GetBytes(value));
        _texts.Add(value, text);
        return text;
    }

    public Text Bytes(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            return default;
        List<byte> blob = Of(BlockSection.Text);
        var text = new Text(blob.Count, value.Length);
        blob.AddRange(value);
        return text;
    }

    public NameRef Name(string? value)
        => string.IsNullOrEmpty(value) ? default : new NameRef(NameHash.Of(Encoding.UTF8.GetBytes(value)), Text(value));

    public Run Texts(IReadOnlyList<string> values)
    {
        int start = _counts[(int)BlockSection.Texts];
        foreach (string value in values)
            Add(BlockSection.Texts, Text(value));
        return new Run(start, values.Count);
    }

    public Run Numbers(IReadOnlyList<int> values)
    {
        int start = _counts[(int)BlockSection.Numbers];
        foreach (int value in values)
            Add(BlockSection.Numbers, value);
        return new Run(start, values.Count);
    }

    public Run Origins(List<Origin> origins)
    {
        int start = _counts[(int)BlockSection.Origins];
        foreach (Origin o in origins)
        {
            Add(BlockSection.Origins, new OriginRecord
            {
                Aspect = Text(o.Aspect),
                Kind = Text(o.Kind),
                Namespace = Text(o.Namespace),
                Name = Text(o.Name),
                FieldPath = Text(o.FieldPath),
            });
        }

        return new Run(start, origins.Count);
    }

    /// <summary>Stores bytes with a format of their own, aligned so that they can be read in place.</summary>
    public Embedded Embed(ReadOnlySpan<byte> image)
    {
        if (image.IsEmpty)
            return default;
        List<byte> section = Of(BlockSection.Embedded);
        Pad(section, SectionAlignment);
        var range = new Embedded(section.Count, image.Length);
        section.AddRange(image);
        return range;
    }

    /// <summary>Appends one record and returns its index.</summary>
    public int Add<T>(BlockSection section, in T record)
        where T : unmanaged
    {
        Of(section).AddRange(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in record)));
        return _counts[(int)section]++;
    }

    public int Count(BlockSection section) => _counts[(int)section];

    public Run Since(BlockSection section, int start) => new(start, Count(section) - start);

    public BlockImage Finish<TRoot>(string name, in TRoot root)
        where TRoot : unmanaged
    {
        Text nameText = Text(name);
        ulong nameHash = NameHash.Of(Encoding.UTF8.GetBytes(name));
        Add(BlockSection.Root, in root);
        ulong present = 0;
        for (int i = 0; i < _sections.Length; i++)
            present |= _sections[i] is { Count: > 0 } ? 1UL << i : 0;

        var entries = new List<SectionEntry>();
        int offset = BlockHeader.Size + BitOperations.PopCount(present) * Unsafe.SizeOf<SectionEntry>();
        foreach (List<byte>? section in _sections)
        {
            if (section is not { Count: > 0 })
                continue;
            offset = Aligned(offset);
            entries.Add(new SectionEntry(offset, section.Count));
            offset += section.Count;
        }

        var bytes = new byte[Aligned(offset)];
        var header = new BlockHeader
        {
            Magic = BlockHeader.MagicValue,
            Format = BlockView.FormatVersion,
            Kind = (ushort)kind,
            Sections = present,
            Length = bytes.Length,
            Name = nameText,
            NameHash = nameHash,
        };
        MemoryMarshal.Write(bytes, in header);
        int index = 0;
        foreach (List<byte>? section in _sections)
        {
            if (section is not { Count: > 0 })
                continue;
            SectionEntry entry = entries[index];
            MemoryMarshal.Write(bytes.AsSpan(BlockHeader.Size + index++ * Unsafe.SizeOf<SectionEntry>()), in entry);
            CollectionsMarshal.AsSpan(section).CopyTo(bytes.AsSpan(entry.Offset));
        }

        return new BlockImage(kind, name, bytes);
    }

    private static int Aligned(int offset) => (offset + SectionAlignment - 1) & -SectionAlignment;

    private static void Pad(List<byte> section, int alignment)
    {
        while (section.Count % alignment != 0)
            section.Add(0);
    }

    private List<byte> Of(BlockSection section) => _sections[(int)section] ??= [];
}
