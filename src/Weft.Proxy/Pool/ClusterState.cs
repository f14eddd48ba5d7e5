using System.Collections.Generic;
using System.Text;
using Weft.Native.Linux;
using Weft.Native.OpenSsl;
using Weft.Policy;
using Weft.Policy.Model;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Proxy.Balance;
using Weft.Proxy.Metrics;
using Weft.Proxy.Tls;
using Weft.Proxy.Workers;

namespace Weft.Proxy.Pool;

/// <summary>
/// What one loop keeps for one cluster beside its configuration: pools, turn of the round robin, metrics series, and the numbers copied from the
/// block that a request needs after its turn. Survives publishes; <see cref="Refresh"/> follows them. Loop thread only.
/// </summary>
internal sealed class ClusterState
{
    private const int NoTls = -1;
    private static readonly long DefaultIdleMilliseconds = 60 * 60 * 1000;
    private readonly Worker _worker;
    private readonly Dictionary<PoolKey, EndpointPool> _pools = [];
    private readonly List<EndpointPool> _retired = [];
    private EndpointPool?[] _byIndex = [];
    private EndpointCell[] _cells = [];
    private TlsClientOptions?[] _tls = [];
    private BlockDigest _digest;
    private BlockDigest _endpointsDigest;

    public ClusterState(Worker worker, ResourceId id, string name)
    {
        _worker = worker;
        Id = id;
        Name = name;
        Utf8Name = Encoding.UTF8.GetBytes(name);
        Breaker = worker.Process.Cells.Breaker(name);
        Stats = new ClusterStats(worker, worker.Process.Metrics.Clusters, worker.Process.Metrics.Clusters.Series(name));
    }

    public ResourceId Id { get; }
    public string Name { get; }
    public byte[] Utf8Name { get; }
    public BreakerCell Breaker { get; }
    public ClusterStats Stats { get; }
    public CircuitBreakerConfig Limits { get; private set; }
    public ClusterType Type { get; private set; }
    public int ConnectMilliseconds { get; private set; }
    public long IdleMilliseconds { get; private set; }
    public long MaxConnectionMilliseconds { get; private set; }
    public uint MaxRequestsPerConnection { get; private set; }

    /// <summary>Local address of connections; <c>default</c>: the kernel's choice.</summary>
    public IpEndpoint Source { get; private set; }

    /// <summary>The service the cluster stands for, for metrics.</summary>
    public ServiceName Service { get; private set; } = null!;

    /// <summary>Endpoint set in force when last refreshed; indexes of endpoints are its.</summary>
    public int EndpointCount => _cells.Length;

    /// <summary>This loop's part of the endpoint draws (design section 4): goes into the decision record.</summary>
    public uint Sequence { get; set; }

    /// <summary>Nothing of it is in use.</summary>
    public bool IsUnused
    {
        get
        {
            foreach (var pool in _pools.Values)
            {
                if (!pool.IsUnused) return false;
            }
            foreach (var pool in _retired)
            {
                if (!pool.IsUnused) return false;
            }
            return true;
        }
    }

    /// <summary>Process-wide requests in flight of endpoint <paramref name="index"/>.</summary>
    public int InFlight(int index) => (uint)index < (uint)_cells.Length ? _cells[index].Active : 0;

    /// <summary>Follows the snapshot. Cheap when nothing of this cluster changed; allocates when something did.</summary>
    public void Refresh(MeshSnapshot snapshot)
    {
        var digest = snapshot.DigestOf(BlockKind.Cluster, Id.Slot);
        var cluster = snapshot.Cluster(Id);
        bool isChanged = digest != _digest;
        if (isChanged)
        {
            _digest = digest;
            ReadCluster(cluster);
        }
        var set = snapshot.EndpointSetOf(cluster);
        var endpointsDigest = set.IsNone ? default : snapshot.DigestOf(BlockKind.EndpointSet, set.Slot);
        if (!isChanged && endpointsDigest == _endpointsDigest) return;
        _endpointsDigest = endpointsDigest;
        ReadEndpoints(snapshot.EndpointsOf(cluster), isChanged);
        SweepRetired();
    }

    /// <summary>The cluster is gone: no new request comes, what is under way ends in peace.</summary>
    public void Retire()
    {
        foreach (var pool in _pools.Values) pool.Retire();
    }

    public void CloseIdle()
    {
        foreach (var pool in _pools.Values) pool.CloseIdle();
    }

    /// <summary>Connections made so far serve what they have under way and nothing more: the trust they were made under has changed.</summary>
    public void Renew()
    {
        RetireAll();
        System.Array.Clear(_byIndex);
    }

    /// <summary>The pool of an endpoint of the set, over the transport socket <paramref name="tlsIndex"/> of the cluster (-1: plaintext).</summary>
    public EndpointPool PoolOf(int endpointIndex, in IpPort address, int tlsIndex)
    {
        if (_byIndex[endpointIndex] is { } known && known.TlsIndex == tlsIndex) return known;
        return _byIndex[endpointIndex] = PoolOf(address, tlsIndex);
    }

    /// <summary>The pool of an address (an original destination).</summary>
    public EndpointPool PoolOf(in IpPort address, int tlsIndex)
    {
        var key = new PoolKey(address, tlsIndex);
        if (_pools.TryGetValue(key, out var pool)) return pool;
        if (Type == ClusterType.OriginalDestination) SweepUnused();
        pool = new EndpointPool(_worker, this, address, _worker.Process.Cells.Endpoint(Name, address), Breaker, TlsOf(tlsIndex), tlsIndex);
        _pools[key] = pool;
        return pool;
    }

    /// <summary>SNI, ALPN and expected peer of a transport socket; null: plaintext. An expectation that cannot be checked matches nobody.</summary>
    public TlsClientOptions? TlsOf(int tlsIndex) => tlsIndex == NoTls ? null : _tls[tlsIndex];

    private void ReadCluster(ClusterView cluster)
    {
        ref readonly var root = ref cluster.Root;
        Limits = root.Limits;
        Type = root.Type;
        ConnectMilliseconds = root.ConnectTimeout.IsLimit ? (int)root.ConnectTimeout.Value.TotalMilliseconds : 5000;
        IdleMilliseconds = root.IdleTimeout.IsSet ? (long)root.IdleTimeout.Value.TotalMilliseconds : DefaultIdleMilliseconds;
        MaxConnectionMilliseconds = (long)root.MaxConnectionDuration.Value.TotalMilliseconds;
        MaxRequestsPerConnection = root.MaxRequestsPerConnection;
        Source = root.HasBindSource != 0 ? Endpoints.ToNative(new IpPort(root.BindSourceAddress, root.BindSourcePort)) : default;
        var services = cluster.Services;
        Service = services.IsEmpty
            ? _worker.Process.Peers.Intern("unknown", Name, "unknown")
            : _worker.Process.Peers.Intern(cluster.Block.String(services[0].Host), cluster.Block.String(services[0].Name), cluster.Block.String(services[0].Namespace));

        int contexts = 0;
        foreach (ref readonly var socket in cluster.TransportSockets) contexts = System.Math.Max(contexts, socket.Tls + 1);
        var tls = new TlsClientOptions?[contexts];
        for (int i = 0; i < contexts; i++)
        {
            ref readonly var record = ref cluster.Tls(i);
            // A list with nothing in it cannot be met by anybody: not verifiable means not connected.
            var expected = Expectations.Peers(cluster.Block, record.SubjectAltNames) ?? PeerExpectation.Ids(["spiffe://unverifiable.invalid/none"]);
            tls[i] = new TlsClientOptions
            {
                ServerName = record.Sni.IsEmpty ? null : cluster.Block.String(record.Sni),
                Alpn = Expectations.Alpn(cluster.Block, record.AlpnProtocols),
                Expected = expected,
            };
        }
        _tls = tls;
    }

    private void ReadEndpoints(EndpointSetView endpoints, bool isClusterChanged)
    {
        if (Type == ClusterType.OriginalDestination)
        {
            if (isClusterChanged) RetireAll();
            _byIndex = [];
            _cells = [];
            return;
        }
        // Pools made for another version of the cluster may expect other peers: they serve what they have and nothing new.
        if (isClusterChanged) RetireAll();
        var records = endpoints.IsEmpty ? default : endpoints.Endpoints;
        var cells = new EndpointCell[records.Length];
        var kept = new HashSet<IpPort>();
        for (int i = 0; i < records.Length; i++)
        {
            cells[i] = _worker.Process.Cells.Endpoint(Name, records[i].Endpoint);
            if (records[i].IsReady) kept.Add(records[i].Endpoint);
        }
        _cells = cells;
        _byIndex = new EndpointPool?[records.Length];
        List<PoolKey>? gone = null;
        foreach (var (key, pool) in _pools)
        {
            if (kept.Contains(key.Address)) continue;
            pool.Retire();
            _retired.Add(pool);
            (gone ??= []).Add(key);
        }
        if (gone is null) return;
        foreach (var key in gone) _pools.Remove(key);
    }

    private void RetireAll()
    {
        foreach (var pool in _pools.Values)
        {
            pool.Retire();
            _retired.Add(pool);
        }
        _pools.Clear();
    }

    private void SweepRetired() => _retired.RemoveAll(static pool => pool.IsUnused);

    // Every address anybody ever went to would stay otherwise. Only when a new one appears, and only above a few.
    private void SweepUnused()
    {
        if (_pools.Count < 256) return;
        var unused = new List<PoolKey>();
        foreach (var (key, pool) in _pools)
        {
            if (pool.IsUnused) unused.Add(key);
        }
        foreach (var key in unused) _pools.Remove(key);
    }

    private readonly record struct PoolKey(IpPort Address, int TlsIndex);
}
