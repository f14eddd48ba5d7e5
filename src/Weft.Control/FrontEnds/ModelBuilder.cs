using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Weft.Config;
using Weft.Config.Core;
using Weft.Config.Networking;
using Weft.Config.Security;
using Weft.Control.Collections;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>
/// The accepted set → the routing model. What a front end makes of an object depends on that object and the mesh settings only, so it is kept as long as the object is. One thread at a time.
/// </summary>
public sealed class ModelBuilder(MeshSettings settings)
{
    private readonly ConditionalWeakTable<Resource, object> _read = [];
    private Dictionary<(string, string), MeshWorkload> _workloads = [];
    private Dictionary<string, ServiceEndpoints> _endpoints = [];

    public MeshSettings Settings { get; } = settings;

    /// <summary>Builds the model. Workloads and endpoint sets that say the same as last time are the same instances, so that what was derived from them can be kept.</summary>
    public RoutingModel Build(MeshState state)
    {
        Dictionary<string, Locality> nodes = state.Of<Node>(Kinds.Node).ToDictionary(n => n.Name, CoreFrontEnd.ReadNode, StringComparer.Ordinal);
        Locality LocalityOf(string node) => nodes.GetValueOrDefault(node, Locality.Unknown);

        _workloads = ReadWorkloads(state, LocalityOf);
        List<MeshService> services = [.. state.Of<Service>(Kinds.Service).Select(s => Once(s, r => new Optional<MeshService>(CoreFrontEnd.ReadService(r, Settings))).Value).OfType<MeshService>()];
        _endpoints = ReadEndpoints(state, LocalityOf);

        IEnumerable<RefusedObject> failClosed = state.Refused.Values.Where(MeshState.FailsClosed);
        return new RoutingModel(
            Settings,
            services,
            _workloads.Values,
            _endpoints,
            state.Of<VirtualService>(Kinds.VirtualService).Select(r => Once(r, x => VirtualServiceFrontEnd.Read(x, Settings))),
            MergeHostPolicies(state.Of<DestinationRule>(Kinds.DestinationRule).Select(r => Once(r, x => DestinationRuleFrontEnd.Read(x, Settings)))),
            state.Of<Gateway>(Kinds.Gateway).Select(r => Once(r, GatewayFrontEnd.Read)),
            state.Of<PeerAuthentication>(Kinds.PeerAuthentication).Select(r => Once(r, PeerAuthenticationFrontEnd.Read))
                .Concat(failClosed.Where(r => r.Key.Kind == "PeerAuthentication").Select(r => PeerAuthenticationFrontEnd.FailClosed(r.Resource!))),
            failClosed.Where(r => r.Key.Kind == "AuthorizationPolicy")
                .Select(r => new Denial(r.Key.Namespace, Selectors.OfRefused(r.Resource!), new Origin("", r.Key.Kind, r.Key.Namespace, r.Key.Name, ""))));
    }

    /// <summary>
    /// Rules for the same host in one namespace with the same selector and exportTo are one policy: subsets are joined (a repeated name is ignored), the first top-level policy stays (istio.md 1.2).
    /// </summary>
    private static List<HostPolicy> MergeHostPolicies(IEnumerable<HostPolicy> policies)
    {
        var merged = new List<HostPolicy>();
        foreach (HostPolicy policy in policies.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal))
        {
            int same = merged.FindIndex(m => m.Namespace == policy.Namespace && m.Host == policy.Host && m.ExportTo.Equals(policy.ExportTo) && SameLabels(m.WorkloadSelector, policy.WorkloadSelector));
            if (same < 0)
            {
                merged.Add(policy);
                continue;
            }

            HostPolicy first = merged[same];
            merged[same] = first with
            {
                Subsets = [.. first.Subsets, .. policy.Subsets.Where(s => first.Subsets.All(f => f.Name != s.Name))],
                Traffic = ReferenceEquals(first.Traffic, ScopedTrafficSettings.Unset) ? policy.Traffic : first.Traffic,
            };
        }

        return merged;
    }

    private static bool SameLabels(ImmutableSortedDictionary<string, string> left, ImmutableSortedDictionary<string, string> right) => left.SequenceEqual(right);

    private Dictionary<(string, string), MeshWorkload> ReadWorkloads(MeshState state, Func<string, Locality> localityOf)
    {
        var workloads = new Dictionary<(string, string), MeshWorkload>();
        foreach (Resource<Pod> pod in state.Of<Pod>(Kinds.Pod))
        {
            MeshWorkload? read = CoreFrontEnd.ReadPod(pod, localityOf);
            if (read is not null)
            {
                (string, string) key = (pod.Namespace, pod.Name);
                workloads[key] = _workloads.TryGetValue(key, out MeshWorkload? old) && old.SaysTheSame(read) ? old : read;
            }
        }

        return workloads;
    }

    private Dictionary<string, ServiceEndpoints> ReadEndpoints(MeshState state, Func<string, Locality> localityOf)
    {
        var byAddress = new Dictionary<string, MeshWorkload>(StringComparer.Ordinal);
        foreach (MeshWorkload workload in _workloads.Values)
        {
            foreach (string address in workload.Addresses)
            {
                byAddress.TryAdd(address, workload);
            }
        }

        var lists = new Dictionary<string, SortedDictionary<(string, string), MeshEndpoint>>(StringComparer.Ordinal);
        foreach (Resource<EndpointSlice> slice in state.Of<EndpointSlice>(Kinds.EndpointSlice))
        {
            if (!slice.Metadata.Labels.TryGetValue(EndpointSlice.ServiceNameLabel, out string? service))
            {
                continue;
            }

            string host = HostName.OfService(service, slice.Namespace, Settings.ClusterDomain);
            if (!lists.TryGetValue(host, out SortedDictionary<(string, string), MeshEndpoint>? list))
            {
                lists[host] = list = [];
            }

            foreach (MeshEndpoint endpoint in CoreFrontEnd.ReadSlice(
                slice, (ns, name) => _workloads.GetValueOrDefault((ns, name)), address => byAddress.GetValueOrDefault(address), localityOf))
            {
                // The same address may stand in two slices for a moment while one is moved to another.
                list.TryAdd((endpoint.Address, string.Join(',', endpoint.Ports.Keys)), endpoint);
            }
        }

        var result = new Dictionary<string, ServiceEndpoints>(StringComparer.Ordinal);
        foreach ((string host, SortedDictionary<(string, string), MeshEndpoint> list) in lists)
        {
            result[host] = _endpoints.TryGetValue(host, out ServiceEndpoints? old) && SameEndpoints(old, list.Values) ? old : new ServiceEndpoints([.. list.Values]);
        }

        return result;
    }

    private static bool SameEndpoints(ServiceEndpoints old, SortedDictionary<(string, string), MeshEndpoint>.ValueCollection now) =>
        old.All.Length == now.Count && old.All.Zip(now).All(pair =>
            pair.First.Address == pair.Second.Address
            && pair.First.Hostname == pair.Second.Hostname
            && ReferenceEquals(pair.First.Workload, pair.Second.Workload)
            && pair.First.Locality == pair.Second.Locality
            && pair.First.Ports.SequenceEqual(pair.Second.Ports));

    private TOut Once<TIn, TOut>(Resource<TIn> resource, Func<Resource<TIn>, TOut> read)
        where TIn : class
        where TOut : class
    {
        if (_read.TryGetValue(resource, out object? known))
        {
            return (TOut)known;
        }

        TOut made = read(resource);
        _read.Add(resource, made);
        return made;
    }

    /// <summary>A result that may be absent, to keep in the table.</summary>
    private sealed record Optional<T>(T? Value);
}
