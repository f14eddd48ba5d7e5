using System;
using System.Collections.Generic;
using System.Text;
using Weft.Buffers;
using Weft.Policy.Blocks;

namespace Weft.Policy.Snapshot;

/// <summary>One publish in the making: edits copies of the tables that change and rebuilds only the indexes that the changes touch.</summary>
internal sealed class SnapshotPublication(MeshSnapshot from, MeshKey? key)
{
    private readonly BlockTable.Editor?[] _editors = new BlockTable.Editor?[(int)BlockKind.NameTable + 1];
    private readonly HashSet<int> _staleRouteTables = [];
    private readonly List<string> _staleRouteTableNames = [];
    private bool _isListenerIndexStale;
    private bool _isWorkloadIndexStale;
    private bool _isKeyStale;

    /// <summary>Blocks the new snapshot no longer has.</summary>
    public List<NativeBlock> Retired { get; } = [];

    public bool HasChanged { get; private set; } = key is { } given && given != from.Key;

    public void Put(BlockImage image)
    {
        if (!Editor(image.Kind).TryPut(image, out int slot, out NativeBlock replaced))
            return;
        Note(image.Kind, slot, replaced, new BlockView(image.Bytes));
    }

    public void Remove(BlockKind kind, ReadOnlySpan<byte> name)
    {
        if (Editor(kind).TryRemove(name, out int slot, out NativeBlock removed))
            Note(kind, slot, removed, default);
    }

    public MeshSnapshot Build(string digest)
    {
        BlockTable[] tables = from.CopyTables();
        for (int i = 0; i < tables.Length; i++)
            tables[i] = _editors[i]?.Build() ?? tables[i];
        return new MeshSnapshot(
            from.Revision + 1,
            digest,
            key ?? (from.IsKeyGiven ? from.Key : _isKeyStale ? KeyOf(tables[(int)BlockKind.Secret]) : from.Key),
            from.IsKeyGiven || key is not null,
            tables,
            RouteIndexes(tables[(int)BlockKind.RouteTable], tables[(int)BlockKind.VirtualHost]),
            _isListenerIndexStale ? Listeners(tables[(int)BlockKind.Listener]) : from.ListenerIndex,
            _isWorkloadIndexStale ? Workloads(tables[(int)BlockKind.Workload]) : from.WorkloadIndex);
    }

    private BlockTable.Editor Editor(BlockKind kind) => _editors[(int)kind] ??= from.Table(kind).Edit();

    private void Note(BlockKind kind, int slot, NativeBlock old, BlockView now)
    {
        HasChanged = true;
        if (!old.IsEmpty)
            Retired.Add(old);
        switch (kind)
        {
            case BlockKind.Listener: _isListenerIndexStale = true; break;
            case BlockKind.Workload: _isWorkloadIndexStale = true; break;
            case BlockKind.Secret: _isKeyStale = true; break;
            case BlockKind.RouteTable: _staleRouteTables.Add(slot); break;
            case BlockKind.VirtualHost: NoteVirtualHost(new BlockView(old.Bytes), now); break;
            default: break;
        }
    }

    private void NoteVirtualHost(BlockView old, BlockView now)
    {
        // The common edit changes routes, not domains: the index then still points at the right slot and is kept.
        if (!old.IsEmpty && !now.IsEmpty && RouteTableIndex.SameDomains(new VirtualHostView(old), new VirtualHostView(now)))
            return;
        _staleRouteTableNames.Add(Encoding.UTF8.GetString(now.IsEmpty ? old.Name : now.Name));
    }

    private RouteTableIndex?[] RouteIndexes(BlockTable tables, BlockTable virtualHosts)
    {
        var indexes = new RouteTableIndex?[tables.Slots];
        for (int slot = 0; slot < tables.Slots; slot++)
        {
            if (tables[slot].Block.IsEmpty)
                continue;
            var table = new RouteTableView(new BlockView(tables[slot].Block.Bytes));
            if (!table.Has(RouteTableFlags.UsesVhds))
                continue;
            RouteTableIndex? known = from.RouteIndex(slot);
            indexes[slot] = known is null || IsStale(slot, table) ? RouteTableIndex.Build(table, virtualHosts) : known;
        }

        return indexes;
    }

    private bool IsStale(int slot, RouteTableView table)
    {
        if (_staleRouteTables.Contains(slot))
            return true;
        foreach (string virtualHost in _staleRouteTableNames)
        {
            if (RouteTableIndex.BelongsTo(table.Name, Encoding.UTF8.GetBytes(virtualHost)))
                return true;
        }

        return false;
    }

    private static AddressIndex Listeners(BlockTable table)
    {
        var entries = new List<(IpPort, int)>();
        foreach (int slot in ByName(table))
            entries.Add((new ListenerView(new BlockView(table[slot].Block.Bytes)).Root.Endpoint, slot));
        return AddressIndex.Build(entries);
    }

    private static AddressIndex Workloads(BlockTable table)
    {
        var entries = new List<(IpPort, int)>();
        foreach (int slot in ByName(table))
        {
            foreach (PrefixRecord address in new WorkloadView(new BlockView(table[slot].Block.Bytes)).Addresses)
                entries.Add((new IpPort(address.Network, 0), slot));
        }

        return AddressIndex.Build(entries);
    }

    private static List<int> ByName(BlockTable table)
    {
        var slots = new List<int>();
        for (int slot = 0; slot < table.Slots; slot++)
        {
            if (!table[slot].Block.IsEmpty)
                slots.Add(slot);
        }

        slots.Sort((a, b) => new BlockView(table[a].Block.Bytes).Name.SequenceCompareTo(new BlockView(table[b].Block.Bytes).Name));
        return slots;
    }

    private static MeshKey KeyOf(BlockTable secrets)
    {
        byte[] name = Encoding.UTF8.GetBytes(SnapshotStore.TrustBundleName);
        int slot = secrets.Find(name, NameHash.Of(name));
        return slot < 0 ? default : MeshKey.FromTrustBundle(new SecretView(new BlockView(secrets[slot].Block.Bytes)).Pem);
    }
}
