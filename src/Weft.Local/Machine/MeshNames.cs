using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using Weft.Config;
using Weft.Config.Core;
using Weft.Store;

namespace Weft.Local.Machine;

/// <summary>Cluster DNS names → addresses, from the store: services, headless services and their pods (Kubernetes DNS specification 1.1).</summary>
public sealed class MeshNames(ObjectStore store, string clusterDomain = "cluster.local")
{
    /// <summary>
    /// The addresses of <paramref name="name"/>: null when there is no such name (NXDOMAIN), empty when it exists without one.
    /// </summary>
    /// <param name="name">Lower case, without the last dot.</param>
    public IReadOnlyList<IPAddress>? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string suffix = ".svc." + clusterDomain;
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
        {
            return null;
        }

        string[] labels = name[..^suffix.Length].Split('.');
        return labels.Length switch
        {
            2 => OfService(labels[1], labels[0]),
            3 => OfPod(labels[2], labels[1], labels[0]),
            _ => null,
        };
    }

    private IReadOnlyList<IPAddress>? OfService(string ns, string name)
    {
        if (store.Get(new ObjectKey(string.Empty, "Service", ns, name)) is not Resource<Service> service)
        {
            return null;
        }

        return service.Spec.IsHeadless
            ? [.. Endpoints(ns, name).SelectMany(endpoint => endpoint.Addresses).Select(IPAddress.Parse)]
            : IPAddress.TryParse(service.Spec.ClusterIP, out IPAddress? address) ? [address] : [];
    }

    private IReadOnlyList<IPAddress>? OfPod(string ns, string service, string pod)
    {
        List<IPAddress> found = [.. Endpoints(ns, service).Where(endpoint => endpoint.Hostname == pod || endpoint.TargetRef?.Name == pod).SelectMany(endpoint => endpoint.Addresses).Select(IPAddress.Parse)];
        return found.Count > 0 ? found : null;
    }

    private IEnumerable<Endpoint> Endpoints(string ns, string service) => store.List(ObjectFilter.Of(Kinds.EndpointSlice, ns)).Items
        .OfType<Resource<EndpointSlice>>()
        .Where(slice => slice.Metadata.Labels.GetValueOrDefault(EndpointSlice.ServiceNameLabel) == service)
        .SelectMany(slice => slice.Spec.Endpoints);
}
