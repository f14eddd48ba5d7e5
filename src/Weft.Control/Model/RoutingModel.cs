using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Config;

namespace Weft.Control.Model;

/// <summary>
/// The one routing model: hosts, rules, backends and policies with their origins, whichever kind of object they were written in. Front ends fill it, derivation reads nothing else. Immutable; any thread.
/// </summary>
public sealed class RoutingModel
{
    private readonly Dictionary<string, MeshService> _serviceByHost;
    private readonly Dictionary<(string Namespace, string Name), MeshWorkload> _workloadByName;
    private readonly IReadOnlyDictionary<string, ServiceEndpoints> _endpointsByHost;

    public RoutingModel(
        MeshSettings settings,
        IEnumerable<MeshService> services,
        IEnumerable<MeshWorkload> workloads,
        IReadOnlyDictionary<string, ServiceEndpoints> endpointsByHost,
        IEnumerable<HostRules> hostRules,
        IEnumerable<HostPolicy> hostPolicies,
        IEnumerable<GatewayServers> gateways,
        IEnumerable<PeerPolicy> peerPolicies,
        IEnumerable<Denial> denials)
    {
        Settings = settings;
        Services = [.. services.OrderBy(s => s.Host, StringComparer.Ordinal)];
        Workloads = [.. workloads.OrderBy(w => w.Namespace, StringComparer.Ordinal).ThenBy(w => w.Name, StringComparer.Ordinal)];
        HostRules = [.. hostRules.OrderBy(r => r.Created).ThenBy(r => r.Name, StringComparer.Ordinal).ThenBy(r => r.Namespace, StringComparer.Ordinal)];
        HostPolicies = [.. hostPolicies.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Namespace, StringComparer.Ordinal)];
        Gateways = [.. gateways.OrderBy(g => g.Created).ThenBy(g => g.Name, StringComparer.Ordinal).ThenBy(g => g.Namespace, StringComparer.Ordinal)];
        PeerPolicies = [.. peerPolicies.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal).ThenBy(p => p.Namespace, StringComparer.Ordinal)];
        Denials = [.. denials];
        _serviceByHost = Services.ToDictionary(s => s.Host, StringComparer.Ordinal);
        _workloadByName = Workloads.ToDictionary(w => (w.Namespace, w.Name));
        _endpointsByHost = endpointsByHost;
        Policies = new PolicyLookup(settings, HostPolicies, PeerPolicies, Denials);
    }

    public MeshSettings Settings { get; }

    /// <summary>By host.</summary>
    public ImmutableArray<MeshService> Services { get; }

    public ImmutableArray<MeshWorkload> Workloads { get; }

    /// <summary>Oldest first, then by name: the order in which conflicts are decided.</summary>
    public ImmutableArray<HostRules> HostRules { get; }

    public ImmutableArray<HostPolicy> HostPolicies { get; }

    public ImmutableArray<GatewayServers> Gateways { get; }

    public ImmutableArray<PeerPolicy> PeerPolicies { get; }

    public ImmutableArray<Denial> Denials { get; }

    /// <summary>Which policy applies to whom.</summary>
    public PolicyLookup Policies { get; }

    public MeshService? FindService(string host) => _serviceByHost.GetValueOrDefault(host);

    public MeshWorkload? FindWorkload(string @namespace, string name) => _workloadByName.GetValueOrDefault((@namespace, name));

    public ServiceEndpoints EndpointsOf(MeshService service) => _endpointsByHost.GetValueOrDefault(service.Host, ServiceEndpoints.None);

    /// <summary>Services that send traffic to a workload: by selector (also before it is ready), or by an endpoint with its address. By host.</summary>
    public IEnumerable<MeshService> ServicesOf(string @namespace, IReadOnlyDictionary<string, string> labels, IReadOnlyCollection<string> addresses)
    {
        foreach (MeshService service in Services)
        {
            bool selected = service.Selector.Count > 0
                ? string.Equals(service.Namespace, @namespace, StringComparison.Ordinal) && LabelSelector.IsSubset(service.Selector, labels)
                : EndpointsOf(service).All.Any(e => addresses.Contains(e.Address));
            if (selected)
            {
                yield return service;
            }
        }
    }
}
