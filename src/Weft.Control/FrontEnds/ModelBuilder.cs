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
    private readonly EndpointIndex _endpoints = new(settings);
    private readonly WorkloadIndex _workloads = new();

    public MeshSettings Settings { get; } = settings;

    /// <summary>Builds the model. Workloads and endpoint sets that say the same as last time are the same instances, so that what was derived from them can be kept.</summary>
    public RoutingModel Build(MeshState state)
    {
        Dictionary<string, Locality> nodes = state.Of<Node>(Kinds.Node).ToDictionary(n => n.Name, CoreFrontEnd.ReadNode, StringComparer.Ordinal);
        Locality LocalityOf(string node) => nodes.GetValueOrDefault(node, Locality.Unknown);

        _workloads.Update(state, LocalityOf);
        List<MeshService> services = [.. state.Of<Service>(Kinds.Service).Select(s => Once(s, r => new Optional<MeshService>(CoreFrontEnd.ReadService(r, Settings))).Value).OfType<MeshService>()];
        IReadOnlyDictionary<string, ServiceEndpoints> endpoints = _endpoints.Update(state, _workloads, LocalityOf);

        IEnumerable<RefusedObject> failClosed = state.Refused.Values.Where(MeshState.FailsClosed);
        return new RoutingModel(
            Settings,
            services,
            _workloads.All,
            endpoints,
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
