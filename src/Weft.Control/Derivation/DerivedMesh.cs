using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Extensions.TransportSockets.Tls.V3;

namespace Weft.Control.Derivation;

/// <summary>
/// One model and what has been derived from it. Proxies that are alike share every byte; what an endpoint change leaves as it was is taken over from the mesh before. Any thread.
/// </summary>
public sealed class DerivedMesh
{
    private readonly ConcurrentDictionary<OutboundScope, OutboundSet> _outbound;
    private readonly ConcurrentDictionary<InboundScope, ImmutableArray<ResourceGroup>> _inbound;
    private readonly ConcurrentDictionary<OutboundScope, ResourceGroup> _endpoints = new();
    private readonly ConcurrentDictionary<string, ResourceGroup> _nameTables;
    private readonly ConditionalWeakTable<ServiceEndpoints, ConcurrentDictionary<(string, Dialect), XdsResource>> _assignments;
    private readonly ConditionalWeakTable<MeshWorkload, XdsResource> _workloadResources;
    private readonly ImmutableHashSet<string> _labelsThatMatter;
    private readonly Lazy<ResourceGroup> _workloads;
    private readonly Lazy<ResourceGroup> _secrets;

    private DerivedMesh(RoutingModel model, DerivedMesh? before, bool keepsConfiguration)
    {
        Model = model;
        _labelsThatMatter = keepsConfiguration ? before!._labelsThatMatter : OutboundScope.LabelsThatMatter(model);
        _outbound = keepsConfiguration ? before!._outbound : new();
        _inbound = keepsConfiguration ? before!._inbound : new();
        _nameTables = keepsConfiguration ? before!._nameTables : new(StringComparer.Ordinal);

        // An assignment depends on its endpoints and on the modes of the ports behind them: those are configuration.
        _assignments = keepsConfiguration ? before!._assignments : [];
        _workloadResources = before?._workloadResources ?? [];
        _workloads = before is not null && before.Model.Workloads.SequenceEqual(model.Workloads) ? before._workloads : new Lazy<ResourceGroup>(AllWorkloads);
        _secrets = before?._secrets ?? new Lazy<ResourceGroup>(() => new ResourceGroup(XdsTypes.Secret, "mesh", [RootSecret()]));
    }

    public RoutingModel Model { get; }

    public static DerivedMesh Of(RoutingModel model) => new(model, null, keepsConfiguration: false);

    /// <summary>
    /// The mesh after a change of endpoints or pods only. Clusters and listeners are taken over, unless what they say of endpoints has changed: who the servers are, which addresses a headless service has.
    /// </summary>
    public DerivedMesh WithEndpoints(RoutingModel model) => new(model, this, KeepsConfiguration(model));

    private bool KeepsConfiguration(RoutingModel next)
    {
        if (next.Services.Length != Model.Services.Length)
        {
            return false;
        }

        for (int i = 0; i < next.Services.Length; i++)
        {
            MeshService service = next.Services[i];
            if (!ReferenceEquals(service, Model.Services[i]))
            {
                return false;
            }

            ServiceEndpoints now = next.EndpointsOf(service), then = Model.EndpointsOf(service);
            if (!ReferenceEquals(now, then) && (service.IsHeadless || service.Selector.Count == 0 || !now.ServiceAccounts.SequenceEqual(then.ServiceAccounts)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Everything a proxy is to have. The pod's own labels count where the pod is known; what the proxy says of itself counts only where it is not.</summary>
    public ProxySnapshot Derive(ProxyDescription proxy)
    {
        MeshWorkload? pod = Model.FindWorkload(proxy.Namespace, proxy.Name);
        ImmutableSortedDictionary<string, string> labels = pod?.Labels ?? proxy.Labels;
        ImmutableArray<string> addresses = pod is { Addresses.IsEmpty: false } ? pod.Addresses : proxy.Addresses;
        ImmutableSortedDictionary<string, int> namedPorts = pod?.NamedPorts ?? ImmutableSortedDictionary<string, int>.Empty;

        OutboundScope scope = OutboundScope.Of(proxy.Kind, proxy.Dialect, proxy.Namespace, labels, namedPorts, _labelsThatMatter);
        OutboundSet outbound = _outbound.GetOrAdd(scope, s => s.Kind == ProxyKind.Router
            ? new GatewayDeriver(Model, s).Derive()
            : new OutboundDeriver(Model, s).Derive());

        var groups = new List<ResourceGroup>
        {
            outbound.Clusters,
            _endpoints.GetOrAdd(scope, _ => EndpointsOf(outbound, proxy.Dialect)),
            outbound.Listeners,
            WithoutOwn(outbound.PodListeners, addresses),
            outbound.Routes,
        };
        if (proxy.Kind == ProxyKind.Sidecar)
        {
            groups.AddRange(InboundOf(proxy.Dialect, proxy.Namespace, labels, namedPorts, addresses));
        }

        if (proxy.Dialect == Dialect.Weft)
        {
            groups.Add(outbound.VirtualHosts);
            groups.Add(_workloads.Value);
            groups.Add(_nameTables.GetOrAdd(proxy.Namespace, ns => new ResourceGroup(XdsTypes.NameTable, "mesh", [WorkloadDeriver.NameTable(Model, ns)])));
        }

        groups.Add(_secrets.Value);
        return new ProxySnapshot(groups);
    }

    private ResourceGroup AllWorkloads() => new(
        XdsTypes.Workload, "mesh", Model.Workloads.Select(w => _workloadResources.GetValue(w, x => WorkloadDeriver.OfWorkload(x, Model.Settings))));

    private ResourceGroup EndpointsOf(OutboundSet outbound, Dialect dialect) => new(
        XdsTypes.Endpoints,
        "outbound",
        outbound.Endpoints.Select(e => _assignments
            .GetValue(Model.EndpointsOf(e.Service), _ => new())
            .GetOrAdd((e.Name, dialect), _ => EndpointDeriver.Derive(Model, e.Service, e.Port, e.Subset, dialect))));

    private ImmutableArray<ResourceGroup> InboundOf(
        Dialect dialect,
        string @namespace,
        ImmutableSortedDictionary<string, string> labels,
        ImmutableSortedDictionary<string, int> namedPorts,
        ImmutableArray<string> addresses)
    {
        bool isEndpointByAddress = Model.Services.Any(s => s.Selector.Count == 0 && Model.EndpointsOf(s).All.Any(e => addresses.Contains(e.Address)));
        var scope = new InboundScope(dialect, @namespace, labels, namedPorts, isEndpointByAddress ? addresses : []);
        return _inbound.GetOrAdd(scope, s =>
        {
            (XdsResource listener, IEnumerable<XdsResource> clusters) = new InboundDeriver(Model, s).Derive();
            return [new ResourceGroup(XdsTypes.Cluster, "inbound", clusters), new ResourceGroup(XdsTypes.Listener, "inbound", [listener])];
        });
    }

    /// <summary>A pod's connection to its own address stays in the pod, where no proxy would take the mutual TLS off again.</summary>
    private static ResourceGroup WithoutOwn(ResourceGroup podListeners, ImmutableArray<string> addresses) =>
        podListeners.Resources.Any(r => IsOn(r.Name, addresses))
            ? new ResourceGroup(podListeners.TypeUrl, podListeners.Slot, podListeners.Resources.Where(r => !IsOn(r.Name, addresses)))
            : podListeners;

    private static bool IsOn(string listener, ImmutableArray<string> addresses)
    {
        foreach (string address in addresses)
        {
            if (listener.Length > address.Length && listener[address.Length] == '_' && listener.StartsWith(address, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private XdsResource RootSecret() => XdsResource.Of(Names.RootCa, new Secret
    {
        Name = Names.RootCa,
        ValidationContext = new CertificateValidationContext { TrustedCa = new DataSource { InlineBytes = ByteString.CopyFromUtf8(Model.Settings.TrustBundlePem) } },
    });
}
