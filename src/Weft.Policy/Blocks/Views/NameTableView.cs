using System;

namespace Weft.Policy.Blocks;

/// <summary>Reads a NameTable block: answers DNS from configuration.</summary>
public readonly ref struct NameTableView(BlockView block)
{
    /// <summary>Longest DNS name in text form, RFC 1035 §2.3.4.</summary>
    public const int MaxNameLength = 253;

    public BlockView Block { get; } = block;

    public bool IsEmpty => Block.IsEmpty;

    public ReadOnlySpan<NameEntryRecord> Entries => Block.Section<NameEntryRecord>(BlockSection.NameEntries);

    public ReadOnlySpan<PrefixRecord> Addresses(scoped in NameEntryRecord entry) => Block.Slice<PrefixRecord>(BlockSection.Prefixes, entry.Addresses);

    /// <summary>Index of the entry for a name (any case, with or without the trailing dot): exact, else the longest <c>*.suffix</c>; -1 when unknown.</summary>
    public int Find(ReadOnlySpan<byte> name)
    {
        if (IsEmpty)
            return -1;
        if (name.Length > 0 && name[^1] == (byte)'.')
            name = name[..^1];
        if (name.Length is 0 or > MaxNameLength)
            return -1;
        Span<byte> key = stackalloc byte[MaxNameLength + 2];
        Span<byte> lower = key.Slice(1, name.Length);
        Ascii.ToLower(name, lower);
        int found = FindExact(lower);
        if (found >= 0 || Block.Root<NameTableRecord>().HasWildcards == 0)
            return found;

        // "*.b.c" for a.b.c, then "*.c": the star overwrites the byte before each dot.
        for (int dot = lower.IndexOf((byte)'.'); dot >= 0;)
        {
            int start = dot; // position in `key` of the byte before the dot
            key[start] = (byte)'*';
            found = FindExact(key[start..(name.Length + 1)]);
            if (found >= 0)
                return found;
            int next = lower[(dot + 1)..].IndexOf((byte)'.');
            dot = next < 0 ? -1 : dot + 1 + next;
        }

        return -1;
    }

    private int FindExact(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<int> buckets = Block.Section<int>(BlockSection.NameBuckets);
        if (buckets.IsEmpty)
            return -1;
        ulong hash = NameHash.Of(name);
        int mask = buckets.Length - 1;
        for (int i = (int)hash & mask; buckets[i] != 0; i = (i + 1) & mask)
        {
            ref readonly NameEntryRecord entry = ref Entries[buckets[i] - 1];
            if (entry.Host.Hash == hash && Block.Utf8(entry.Host.Text).SequenceEqual(name))
                return buckets[i] - 1;
        }

        return -1;
    }
}
