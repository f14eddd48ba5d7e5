using System.Collections.Concurrent;
using System.Collections.Generic;
using Weft.Policy;

namespace Weft.Proxy.Balance;

/// <summary>
/// The cells of the process by name. Asked when a loop sees a cluster or endpoint first, never for a request. They are small and outlive publishes,
/// so that a cluster that comes back finds its counts; a sweep removes those of clusters that are gone and at rest.
/// </summary>
internal sealed class Cells
{
    private readonly ConcurrentDictionary<string, BreakerCell> _breakers = new();
    private readonly ConcurrentDictionary<(string Cluster, IpPort Address), EndpointCell> _endpoints = new();

    public BreakerCell Breaker(string cluster) => _breakers.GetOrAdd(cluster, static _ => new BreakerCell());
    public EndpointCell Endpoint(string cluster, in IpPort address) => _endpoints.GetOrAdd((cluster, address), static _ => new EndpointCell());

    /// <summary>For /clusters. Any thread.</summary>
    public IEnumerable<KeyValuePair<(string Cluster, IpPort Address), EndpointCell>> Endpoints => _endpoints;
    public IEnumerable<KeyValuePair<string, BreakerCell>> Breakers => _breakers;

    /// <summary>Forgets idle cells of clusters that no longer exist. Off-loop; a loop that still holds such a cell keeps counting in it, which then nobody reads.</summary>
    public void Sweep(ISet<string> alive)
    {
        foreach (var (key, cell) in _endpoints)
        {
            if (!alive.Contains(key.Cluster) && cell.Active == 0 && cell.Connections == 0) _endpoints.TryRemove(key, out _);
        }
        foreach (var (name, cell) in _breakers)
        {
            if (!alive.Contains(name) && cell.Connections == 0 && cell.Requests == 0 && cell.Pending == 0) _breakers.TryRemove(name, out _);
        }
    }
}
