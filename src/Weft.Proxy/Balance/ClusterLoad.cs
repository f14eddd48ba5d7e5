using Weft.Policy.Decide;
using Weft.Proxy.Pool;

namespace Weft.Proxy.Balance;

/// <summary>Requests in flight, from the process's cells, for the least request pick.</summary>
internal readonly struct ClusterLoad(ClusterState cluster) : IEndpointLoad
{
    public int ActiveRequests(int endpointIndex) => cluster.InFlight(endpointIndex);
}
