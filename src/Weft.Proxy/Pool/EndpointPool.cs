using Weft.Native.Linux;
using Weft.Native.OpenSsl;
using Weft.Policy;
using Weft.Proxy.Balance;
using Weft.Proxy.Workers;
using Weft.Reactor;

namespace Weft.Proxy.Pool;

/// <summary>
/// The connections of one loop to one endpoint of one cluster over one transport (plain, or TLS with one set of expectations). Idle links are reused
/// last in, first out: the warm ones stay warm, the others reach their idle timeout. Requests that find none wait first come, first served.
/// Loop thread only; what the process counts lies in the cells.
/// </summary>
internal sealed class EndpointPool(Worker worker, ClusterState cluster, IpPort address, EndpointCell cell, BreakerCell breaker, TlsClientOptions? tls, int tlsIndex)
{
    private readonly IpEndpoint _destination = Endpoints.ToNative(address);
    private UpstreamLink? _idle;
    private PoolWaiter? _firstWaiter;
    private PoolWaiter? _lastWaiter;
    private int _waiting;
    private int _connecting;
    private int _connections;
    private bool _isRetired;

    public ClusterState Cluster { get; } = cluster;
    public IpPort Address { get; } = address;

    /// <summary>Process-wide counts of this endpoint.</summary>
    public EndpointCell Cell { get; } = cell;

    /// <summary>SNI, ALPN and who must answer; null: plaintext.</summary>
    public TlsClientOptions? Tls { get; } = tls;

    /// <summary>Index of the TLS context in the cluster's block; -1: plaintext.</summary>
    public int TlsIndex { get; } = tlsIndex;

    /// <summary>Nothing left that refers to it: it may be forgotten.</summary>
    public bool IsUnused => _connections == 0 && _connecting == 0 && _waiting == 0;

    /// <summary>Asks for a connection. <see cref="PoolAnswer.Attached"/> means that <see cref="IUpstreamClient.OnAttached"/> already ran.</summary>
    public PoolAnswer Acquire(PoolWaiter waiter)
    {
        if (TakeIdle() is { } link)
        {
            waiter.Client.OnAttached(link);
            return PoolAnswer.Attached;
        }
        if (!breaker.TryAcquirePending(Cluster.Limits.MaxPendingRequests)) return PoolAnswer.Overflow;
        Enqueue(waiter);
        ConnectIfWorthIt();
        return PoolAnswer.Waiting;
    }

    /// <summary>The request no longer waits.</summary>
    public void Cancel(PoolWaiter waiter)
    {
        if (waiter.WaitsFor == this) Dequeue(waiter);
    }

    /// <summary>No new request will come here (endpoint or transport gone): idle links end now, busy ones after their answer.</summary>
    public void Retire()
    {
        _isRetired = true;
        CloseIdle();
    }

    /// <summary>Ends the links nobody uses.</summary>
    public void CloseIdle()
    {
        while (_idle is { } link)
        {
            Unlink(link);
            link.Retire();
        }
    }

    /// <summary>Opens the connection of <paramref name="link"/>; an already counted one.</summary>
    public Link Open(UpstreamLink link) => worker.Connect(_destination, Cluster, Tls, link);

    /// <summary>True if the link has served as many requests as the cluster allows, or the pool is retired.</summary>
    public bool IsWornOut(UpstreamLink link) =>
        _isRetired || worker.IsStopping || (Cluster.MaxRequestsPerConnection != 0 && link.Served >= Cluster.MaxRequestsPerConnection);

    public void OnConnected(UpstreamLink link)
    {
        _connecting--;
        _connections++;
        Cell.Connect();
        Cluster.Stats.Count(Cluster.Stats.Metrics.CxTotal);
        Lend(link);
    }

    public void OnConnectFailed(UpstreamLink link, in LinkFault fault)
    {
        _connecting--;
        breaker.ReleaseConnection();
        Cell.FailConnect();
        Cluster.Stats.Count(Cluster.Stats.Metrics.CxConnectFail);
        if (fault.Reason is CloseReason.ConnectTimeout or CloseReason.HandshakeTimeout) Cluster.Stats.Count(Cluster.Stats.Metrics.CxConnectTimeout);
        // One attempt, one request: the others have attempts of their own under way, or get one now.
        if (_firstWaiter is { } waiter)
        {
            Dequeue(waiter);
            waiter.Client.OnConnectFailed(fault);
        }
        ConnectIfWorthIt();
    }

    /// <summary>An answer ended well; the link is free.</summary>
    public void OnReleased(UpstreamLink link) => Lend(link);

    /// <summary>An idle link is about to end.</summary>
    public void OnIdleEnded(UpstreamLink link) => Unlink(link);

    public void OnDisconnected(UpstreamLink link)
    {
        Unlink(link);
        _connections--;
        breaker.ReleaseConnection();
        Cell.Disconnect();
        Cluster.Stats.Count(Cluster.Stats.Metrics.CxDestroy);
        ConnectIfWorthIt();
    }

    private void Lend(UpstreamLink link)
    {
        if (_firstWaiter is { } waiter)
        {
            Dequeue(waiter);
            waiter.Client.OnAttached(link);
            return;
        }
        if (_isRetired || worker.IsStopping)
        {
            link.Retire();
            return;
        }
        link.PreviousIdle = null;
        link.NextIdle = _idle;
        if (_idle is not null) _idle.PreviousIdle = link;
        _idle = link;
        link.ArmIdleTimer(Cluster.IdleMilliseconds);
    }

    private UpstreamLink? TakeIdle()
    {
        while (_idle is { } link)
        {
            Unlink(link);
            // The kernel already knows that the server left, though its event has not been handled yet.
            if (link.Link is { HasPeerHungUp: false, HasPeerEof: false, IsAlive: true }) return link;
            link.Retire();
        }
        return null;
    }

    private void Unlink(UpstreamLink link)
    {
        if (link.PreviousIdle is null && _idle != link) return;
        if (link.PreviousIdle is null) _idle = link.NextIdle;
        else link.PreviousIdle.NextIdle = link.NextIdle;
        if (link.NextIdle is not null) link.NextIdle.PreviousIdle = link.PreviousIdle;
        link.PreviousIdle = link.NextIdle = null;
    }

    private void ConnectIfWorthIt()
    {
        while (_connecting < _waiting)
        {
            if (!breaker.TryAcquireConnection(Cluster.Limits.MaxConnections))
            {
                Cluster.Stats.Count(Cluster.Stats.Metrics.CxOverflow);
                // Each endpoint may have one, or it could never be used (xds.md C.7).
                if (_connections + _connecting > 0) return;
                breaker.AcquireConnectionAnyway();
            }
            _connecting++;
            worker.RentUpstream().Connect(this);
        }
    }

    private void Enqueue(PoolWaiter waiter)
    {
        waiter.WaitsFor = this;
        waiter.PreviousWaiter = _lastWaiter;
        waiter.NextWaiter = null;
        if (_lastWaiter is null) _firstWaiter = waiter;
        else _lastWaiter.NextWaiter = waiter;
        _lastWaiter = waiter;
        _waiting++;
    }

    private void Dequeue(PoolWaiter waiter)
    {
        if (waiter.PreviousWaiter is null) _firstWaiter = waiter.NextWaiter;
        else waiter.PreviousWaiter.NextWaiter = waiter.NextWaiter;
        if (waiter.NextWaiter is null) _lastWaiter = waiter.PreviousWaiter;
        else waiter.NextWaiter.PreviousWaiter = waiter.PreviousWaiter;
        waiter.PreviousWaiter = waiter.NextWaiter = null;
        waiter.WaitsFor = null;
        _waiting--;
        breaker.ReleasePending();
    }
}
