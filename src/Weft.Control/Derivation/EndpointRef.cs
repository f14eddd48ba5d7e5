using System.Collections.Generic;
using Weft.Control.Model;

namespace Weft.Control.Derivation;

/// <summary>A cluster that needs endpoints: which service, port and subset.</summary>
internal sealed record EndpointRef(MeshService Service, MeshPort Port, SubsetPolicy? Subset)
{
    public string Name => Names.OutboundCluster(Port.Number, Subset?.Name ?? "", Service.Host);

    /// <summary>Those of one service port, in the same cases in which <see cref="ClusterDeriver"/> makes an EDS cluster.</summary>
    public static IEnumerable<EndpointRef> Of(MeshService service, MeshPort port, HostPolicy? policy, ProxyKind kind)
    {
        if (ClusterDeriver.UsesEndpoints(service, policy?.Effective(port.Number, null) ?? TrafficSettings.Unset, kind))
        {
            yield return new EndpointRef(service, port, null);
        }

        foreach (SubsetPolicy subset in policy?.Subsets ?? [])
        {
            if (ClusterDeriver.UsesEndpoints(service, policy!.Effective(port.Number, subset), kind))
            {
                yield return new EndpointRef(service, port, subset);
            }
        }
    }
}
