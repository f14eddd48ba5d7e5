using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Config;

namespace Weft.Control.Model;

/// <summary>The ready endpoints of one service, sorted by address. Immutable; the same instance as long as nothing about them changes.</summary>
public sealed class ServiceEndpoints
{
    public static ServiceEndpoints None { get; } = new([]);

    public ServiceEndpoints(ImmutableArray<MeshEndpoint> endpoints)
    {
        All = endpoints;
        ServiceAccounts = [.. endpoints
            .Where(e => e.Workload is not null)
            .Select(e => (e.Workload!.Namespace, e.Workload.ServiceAccount))
            .Distinct()
            .OrderBy(a => a.Namespace, StringComparer.Ordinal).ThenBy(a => a.ServiceAccount, StringComparer.Ordinal)];
    }

    public ImmutableArray<MeshEndpoint> All { get; }

    /// <summary>Identities that clients accept for this service.</summary>
    public ImmutableArray<(string Namespace, string ServiceAccount)> ServiceAccounts { get; }

    /// <summary>Endpoints of a port and subset, with the port number at each.</summary>
    public IEnumerable<(MeshEndpoint Endpoint, int Port)> Select(string portName, SubsetPolicy? subset)
    {
        foreach (MeshEndpoint endpoint in All)
        {
            if (!endpoint.Ports.TryGetValue(portName, out int port))
            {
                continue;
            }

            if (subset is not null && (endpoint.Workload is null || !LabelSelector.IsSubset(subset.Labels, endpoint.Workload.Labels)))
            {
                continue;
            }

            yield return (endpoint, port);
        }
    }
}
