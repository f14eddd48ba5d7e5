using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;
using Weft.Control.Collections;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>The endpoints of every service, kept from one build to the next: a service whose slices and pods are the same has the same instance. One thread.</summary>
internal sealed class EndpointIndex(MeshSettings settings)
{
    private Dictionary<ObjectKey, SliceEndpoints> _slices = [];
    private Dictionary<string, (ImmutableArray<SliceEndpoints> Slices, ServiceEndpoints Endpoints)> _services = [];

    /// <summary>One slice as read: valid as long as the object and the pods and places behind it are the same.</summary>
    private sealed record SliceEndpoints(Resource Resource, string Host, ImmutableArray<MeshEndpoint> Endpoints);

    public IReadOnlyDictionary<string, ServiceEndpoints> Update(MeshState state, WorkloadIndex workloads, Func<string, Locality> localityOf)
    {
        var slices = new Dictionary<ObjectKey, SliceEndpoints>();
        var byHost = new Dictionary<string, List<SliceEndpoints>>(StringComparer.Ordinal);
        foreach (Resource<EndpointSlice> slice in state.Of<EndpointSlice>(Kinds.EndpointSlice))
        {
            if (!slice.Metadata.Labels.TryGetValue(EndpointSlice.ServiceNameLabel, out string? service))
            {
                continue;
            }

            SliceEndpoints read = Read(slice, HostName.OfService(service, slice.Namespace, settings.ClusterDomain), workloads, localityOf);
            slices[slice.Key] = read;
            if (!byHost.TryGetValue(read.Host, out List<SliceEndpoints>? list))
            {
                byHost[read.Host] = list = [];
            }

            list.Add(read);
        }

        var services = new Dictionary<string, (ImmutableArray<SliceEndpoints>, ServiceEndpoints)>(StringComparer.Ordinal);
        foreach ((string host, List<SliceEndpoints> list) in byHost)
        {
            services[host] = _services.TryGetValue(host, out var old) && IsSame(old.Slices, list) ? old : ([.. list], Join(list));
        }

        _slices = slices;
        _services = services;
        return services.ToDictionary(s => s.Key, s => s.Value.Item2, StringComparer.Ordinal);
    }

    private static bool IsSame(ImmutableArray<SliceEndpoints> old, List<SliceEndpoints> now)
    {
        if (old.Length != now.Count)
        {
            return false;
        }

        for (int i = 0; i < old.Length; i++)
        {
            if (!ReferenceEquals(old[i], now[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>By address; the same address may stand in two slices for a moment while it is moved from one to the other.</summary>
    private static ServiceEndpoints Join(List<SliceEndpoints> slices) => new(
    [
        .. slices.SelectMany(s => s.Endpoints)
            .DistinctBy(e => (e.Address, string.Join(',', e.Ports.Keys)))
            .OrderBy(e => e.Address, StringComparer.Ordinal).ThenBy(e => string.Join(',', e.Ports.Keys), StringComparer.Ordinal),
    ]);

    private SliceEndpoints Read(Resource<EndpointSlice> slice, string host, WorkloadIndex workloads, Func<string, Locality> localityOf)
    {
        bool isKnown = _slices.TryGetValue(slice.Key, out SliceEndpoints? old) && ReferenceEquals(old.Resource, slice) && old.Host == host;
        ImmutableArray<MeshEndpoint>.Builder? made = isKnown ? null : ImmutableArray.CreateBuilder<MeshEndpoint>();
        ImmutableSortedDictionary<string, int>? ports = null;
        int index = 0;
        foreach (Endpoint endpoint in slice.Spec.Endpoints)
        {
            if (!endpoint.IsReady || slice.Spec.AddressType == "FQDN")
            {
                continue;
            }

            foreach (string address in endpoint.Addresses)
            {
                MeshWorkload? workload = WorkloadOf(slice, endpoint, address, workloads);
                Locality locality = CoreFrontEnd.LocalityOf(endpoint, workload, localityOf);
                if (made is null && (!ReferenceEquals(old!.Endpoints[index].Workload, workload) || old.Endpoints[index].Locality != locality))
                {
                    // The slice is the same but a pod behind it is not: read on into a new one.
                    made = ImmutableArray.CreateBuilder<MeshEndpoint>();
                    made.AddRange(old.Endpoints.Take(index));
                }

                made?.Add(new MeshEndpoint(address, endpoint.Hostname ?? "", workload, locality, ports ??= CoreFrontEnd.ReadPorts(slice.Spec)));
                index++;
            }
        }

        return made is null ? old! : new SliceEndpoints(slice, host, made.ToImmutable());
    }

    private static MeshWorkload? WorkloadOf(Resource slice, Endpoint endpoint, string address, WorkloadIndex workloads) =>
        endpoint.TargetRef is { Kind: "Pod" } reference
            ? workloads.ByName(reference.Namespace.Length > 0 ? reference.Namespace : slice.Namespace, reference.Name)
            : workloads.ByAddress(address);
}
