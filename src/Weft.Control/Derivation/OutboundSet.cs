using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Derivation;

/// <summary>The outbound resources of a scope. Immutable.</summary>
/// <param name="Clusters">All clusters.</param>
/// <param name="Listeners">Listeners on virtual and wildcard addresses.</param>
/// <param name="PodListeners">Listeners on pod addresses: a pod must not have one for itself.</param>
/// <param name="Routes">Route configurations.</param>
/// <param name="VirtualHosts">Virtual hosts as resources; empty unless the dialect has them apart.</param>
/// <param name="Endpoints">Clusters that need endpoints.</param>
internal sealed record OutboundSet(
    ResourceGroup Clusters,
    ResourceGroup Listeners,
    ResourceGroup PodListeners,
    ResourceGroup Routes,
    ResourceGroup VirtualHosts,
    ImmutableArray<EndpointRef> Endpoints)
{
    private const string Slot = "outbound";

    public static OutboundSet Of(
        OutboundScope scope,
        IEnumerable<XdsResource> clusters,
        IEnumerable<XdsResource> listeners,
        IEnumerable<XdsResource> podListeners,
        IEnumerable<RouteConfiguration> routes,
        IEnumerable<EndpointRef> endpoints)
    {
        var configurations = new List<XdsResource>();
        var hosts = new List<XdsResource>();
        foreach (RouteConfiguration configuration in routes)
        {
            if (scope.Dialect == Dialect.Weft)
            {
                // One changed host is one changed resource: a route configuration of a busy port holds every service of the mesh.
                hosts.AddRange(configuration.VirtualHosts.Select(h => XdsResource.Of($"{configuration.Name}/{h.Name}", h)));
                configuration.VirtualHosts.Clear();
                configuration.Vhds = new Vhds { ConfigSource = TlsContexts.FromAds() };
            }

            configurations.Add(XdsResource.Of(configuration.Name, configuration));
        }

        return new OutboundSet(
            new ResourceGroup(XdsTypes.Cluster, Slot, clusters),
            new ResourceGroup(XdsTypes.Listener, Slot, listeners),
            new ResourceGroup(XdsTypes.Listener, "pods", podListeners),
            new ResourceGroup(XdsTypes.Routes, Slot, configurations),
            new ResourceGroup(XdsTypes.VirtualHost, Slot, hosts),
            [.. endpoints.DistinctBy(e => e.Name, StringComparer.Ordinal)]);
    }
}
