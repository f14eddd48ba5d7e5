using System;
using Weft.Buffers;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Snapshot;

/// <summary>
/// The immutable root of everything a proxy decides by: tables of native blocks, one block per resource, and small indexes. Made by
/// <see cref="SnapshotStore"/>; any thread may read it between <see cref="SnapshotReader.Enter"/> and the next one, and nobody may keep it longer:
/// its blocks are freed when every reader has moved on. A stream that outlives a turn keeps ids and limits, never this.
/// </summary>
public sealed class MeshSnapshot
{
    private readonly BlockTable[] _tables;
    private readonly RouteTableIndex?[] _routeIndexes;
    private readonly AddressIndex _listeners;
    private readonly AddressIndex _workloads;

    internal MeshSnapshot(
        long revision, string digest, MeshKey key, bool isKeyGiven, BlockTable[] tables, RouteTableIndex?[] routeIndexes, AddressIndex listeners, AddressIndex workloads)
    {
        Revision = revision;
        Digest = digest;
        Key = key;
        IsKeyGiven = isKeyGiven;
        _tables = tables;
        _routeIndexes = routeIndexes;
        _listeners = listeners;
        _workloads = workloads;
    }

    internal static MeshSnapshot Empty { get; } = new(
        0, "", default, false, CreateTables(), [], AddressIndex.Empty, AddressIndex.Empty);

    /// <summary>Counts publishes of this store; compared only for equality and order.</summary>
    public long Revision { get; }

    /// <summary>What the control plane calls this state (<c>system_version_info</c>); empty before the first push.</summary>
    public string Digest { get; }

    /// <summary>Keys the draws.</summary>
    public MeshKey Key { get; }

    /// <summary>The control plane set the key; otherwise it follows the trust bundle.</summary>
    internal bool IsKeyGiven { get; }

    /// <summary>Slots of a kind: ids run from 0 up to this; free ones give an empty block.</summary>
    public int Slots(BlockKind kind) => Table(kind).Slots;

    /// <summary>Number of resources of a kind.</summary>
    public int Count(BlockKind kind) => Table(kind).Live;

    /// <summary>The block in a slot; empty when the slot is free.</summary>
    public BlockView Block(BlockKind kind, int slot) => new(Table(kind)[slot].Block.Bytes);

    /// <summary>The native memory in a slot, to notice by <see cref="NativeBlock.IsSameMemory"/> that a resource changed.</summary>
    public NativeBlock Memory(BlockKind kind, int slot) => Table(kind)[slot].Block;

    /// <summary>Content address of the block in a slot.</summary>
    public BlockDigest DigestOf(BlockKind kind, int slot) => Table(kind)[slot].Digest;

    public ResourceId IdOf(BlockKind kind, int slot) => new(slot, Table(kind)[slot].Generation);

    /// <summary>Whether the id still names a resource (its companions live on) in this snapshot.</summary>
    public bool IsAlive(BlockKind kind, ResourceId id)
        => !id.IsNone && id.Slot < Table(kind).Slots && Table(kind)[id.Slot].Generation == id.Generation && !Table(kind)[id.Slot].Block.IsEmpty;

    public ResourceId Find(BlockKind kind, ReadOnlySpan<byte> name) => Find(kind, name, NameHash.Of(name));

    /// <summary>Resolves a name written in a block.</summary>
    public ResourceId Find(BlockKind kind, BlockView from, in NameRef name)
        => name.IsEmpty ? ResourceId.None : Find(kind, from.Utf8(name.Text), name.Hash);

    public ListenerView Listener(ResourceId id) => id.IsNone ? default : new ListenerView(Block(BlockKind.Listener, id.Slot));

    public ClusterView Cluster(ResourceId id) => id.IsNone ? default : new ClusterView(Block(BlockKind.Cluster, id.Slot));

    public EndpointSetView EndpointSet(ResourceId id) => id.IsNone ? default : new EndpointSetView(Block(BlockKind.EndpointSet, id.Slot));

    public SecretView Secret(ResourceId id) => id.IsNone ? default : new SecretView(Block(BlockKind.Secret, id.Slot));

    public WorkloadView Workload(ResourceId id) => id.IsNone ? default : new WorkloadView(Block(BlockKind.Workload, id.Slot));

    public NameTableView NameTable(ResourceId id) => id.IsNone ? default : new NameTableView(Block(BlockKind.NameTable, id.Slot));

    /// <summary>The only name table there is; empty before it came.</summary>
    public NameTableView NameTable()
    {
        for (int slot = 0; slot < Slots(BlockKind.NameTable); slot++)
        {
            BlockView block = Block(BlockKind.NameTable, slot);
            if (!block.IsEmpty)
                return new NameTableView(block);
        }

        return default;
    }

    /// <summary>Which endpoint set a cluster uses: by its EDS service name. None for clusters that carry their endpoints, or when it has not come.</summary>
    public ResourceId EndpointSetOf(ClusterView cluster) => Find(BlockKind.EndpointSet, cluster.Block, cluster.Root.EndpointSet);

    /// <summary>The endpoints of a cluster, wherever they lie; empty when there are none yet.</summary>
    public EndpointSetView EndpointsOf(ClusterView cluster)
        => cluster.Root.Type == ClusterType.Eds ? EndpointSet(EndpointSetOf(cluster)) : cluster.InlineEndpoints;

    /// <summary>The listener with exactly this address and port; None when there is none.</summary>
    public ResourceId FindListener(in IpPort address)
    {
        int slot = _listeners.Find(address);
        return slot < 0 ? ResourceId.None : IdOf(BlockKind.Listener, slot);
    }

    /// <summary>The workload that owns an address. Only a hint until the verified SPIFFE id equals the workload's.</summary>
    public ResourceId FindWorkload(IpAddress address)
    {
        int slot = _workloads.Find(new IpPort(address, 0));
        return slot < 0 ? ResourceId.None : IdOf(BlockKind.Workload, slot);
    }

    public RouteTableView RouteTable(RouteTableRef table)
    {
        if (table.Slot >= 0)
            return new RouteTableView(Block(BlockKind.RouteTable, table.Slot));
        if (table.ListenerSlot < 0)
            return default;
        var listener = new ListenerView(Block(BlockKind.Listener, table.ListenerSlot));
        return listener.InlineRoutes(listener.Http(table.HttpManager));
    }

    /// <summary>The route table of an HTTP connection manager; None when it is named and has not come (404 <c>route_configuration_not_found</c>).</summary>
    public RouteTableRef RouteTableOf(ResourceId listener, int httpManager)
    {
        ListenerView view = Listener(listener);
        ref readonly HttpManagerRecord http = ref view.Http(httpManager);
        if (!http.InlineRoutes.IsEmpty)
            return new RouteTableRef(-1, listener.Slot, httpManager);
        ResourceId table = Find(BlockKind.RouteTable, view.Block, http.RouteConfig);
        return table.IsNone ? RouteTableRef.None : new RouteTableRef(table.Slot, -1, -1);
    }

    public VirtualHostView VirtualHost(scoped in VirtualHostRef reference)
    {
        if (reference.Slot >= 0)
            return new VirtualHostView(Block(BlockKind.VirtualHost, reference.Slot));
        return reference.InlineOrdinal < 0 ? default : RouteTable(reference.Table).Inline(reference.InlineOrdinal);
    }

    internal BlockTable Table(BlockKind kind) => _tables[(int)kind];

    internal RouteTableIndex? RouteIndex(int routeTableSlot) => routeTableSlot < _routeIndexes.Length ? _routeIndexes[routeTableSlot] : null;

    internal BlockTable[] CopyTables() => (BlockTable[])_tables.Clone();

    internal AddressIndex ListenerIndex => _listeners;

    internal AddressIndex WorkloadIndex => _workloads;

    private static BlockTable[] CreateTables()
    {
        var tables = new BlockTable[(int)BlockKind.NameTable + 1];
        Array.Fill(tables, BlockTable.Empty);
        return tables;
    }

    private ResourceId Find(BlockKind kind, ReadOnlySpan<byte> name, ulong hash)
    {
        BlockTable table = Table(kind);
        int slot = table.Find(name, hash);
        return slot < 0 ? ResourceId.None : new ResourceId(slot, table[slot].Generation);
    }
}
