using System;
using System.Linq;
using System.Numerics;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="NameTableConfig"/>: entries sorted by name, and hash buckets over them.</summary>
public static class NameTableBlockBuilder
{
    /// <summary>Name of the block when the resource has none.</summary>
    public const string DefaultName = "nds";

    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(NameTableConfig config, ConfigProblems problems)
    {
        int before = problems.Items.Count;
        var writer = new BlockWriter(BlockKind.NameTable);
        NameTableEntry[] entries = [.. config.Entries.OrderBy(e => e.Host, StringComparer.Ordinal)];
        var buckets = new int[entries.Length == 0 ? 0 : (int)BitOperations.RoundUpToPowerOf2((uint)entries.Length * 2)];
        bool hasWildcards = false;
        for (int i = 0; i < entries.Length; i++)
        {
            NameTableEntry entry = entries[i];
            string host = MatcherWriter.AsciiLower(entry.Host.TrimEnd('.'));
            if (host.Length == 0 || Encoding.UTF8.GetByteCount(host) > NameTableView.MaxNameLength)
                problems.Add($"table[\"{entry.Host}\"]", "is not a DNS name");
            hasWildcards |= host.StartsWith("*.", StringComparison.Ordinal);
            int start = writer.Count(BlockSection.Prefixes);
            foreach (IpAddress address in entry.Addresses)
                writer.Add(BlockSection.Prefixes, new PrefixRecord { Network = address, PrefixLength = address.IsV4 ? 32 : 128 });
            NameRef name = writer.Name(host);
            writer.Add(BlockSection.NameEntries, new NameEntryRecord
            {
                Host = name,
                Addresses = writer.Since(BlockSection.Prefixes, start),
                Registry = writer.Text(entry.Registry),
                ShortName = writer.Text(entry.ShortName),
                Namespace = writer.Text(entry.Namespace),
            });
            int bucket = (int)name.Hash & (buckets.Length - 1);
            while (buckets[bucket] != 0)
                bucket = (bucket + 1) & (buckets.Length - 1);
            buckets[bucket] = i + 1;
        }

        foreach (int bucket in buckets)
            writer.Add(BlockSection.NameBuckets, bucket);
        var root = new NameTableRecord { Entries = entries.Length, HasWildcards = hasWildcards ? 1 : 0 };
        return problems.Items.Count > before ? null : writer.Finish(config.Name.Length == 0 ? DefaultName : config.Name, in root);
    }
}
