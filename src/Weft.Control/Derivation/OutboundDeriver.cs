using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Origin = Weft.Control.Model.Origin;

namespace Weft.Control.Derivation;

/// <summary>
/// The outbound side of a sidecar: clusters, listeners, routes (xds.md A.2). Everything follows from the model and the scope. Pure; made once per scope and model.
/// </summary>
internal sealed class OutboundDeriver
{
    private readonly RoutingModel _model;
    private readonly OutboundScope _scope;
    private readonly MetadataWriter _metadata;
    private readonly HttpManagers _managers;
    private readonly ScopeView _view;

    public OutboundDeriver(RoutingModel model, OutboundScope scope)
    {
        _model = model;
        _scope = scope;
        _metadata = new MetadataWriter(scope.Dialect, model.Settings);
        _managers = new HttpManagers(model.Settings, scope.Dialect);
        _view = new ScopeView(model, scope);
    }

    public OutboundSet Derive()
    {
        var clusters = new List<XdsResource>();
        var listeners = new List<XdsResource> { VirtualOutbound() };
        var perPod = new List<XdsResource>();
        var routes = new List<RouteConfiguration>();
        var httpPorts = new SortedDictionary<int, List<(MeshService, MeshPort)>>();
        var endpoints = new List<EndpointRef>();
        var derive = new ClusterDeriver(_model, _scope.Dialect);

        foreach (MeshService service in _view.Services)
        {
            HostPolicy? policy = _view.PolicyOf(service);
            foreach (MeshPort port in service.Ports)
            {
                WireProtocol protocol = WireProtocols.Of(port.Protocol, _scope.Dialect);
                if (protocol == WireProtocol.None)
                {
                    continue;
                }

                clusters.AddRange(derive.OfPort(service, port, policy, _scope.Kind));
                endpoints.AddRange(EndpointRef.Of(service, port, policy, _scope.Kind));
                if (protocol.IsHttp())
                {
                    if (!httpPorts.TryGetValue(port.Number, out List<(MeshService, MeshPort)>? list))
                    {
                        httpPorts[port.Number] = list = [];
                    }

                    list.Add((service, port));
                    continue;
                }

                foreach (string address in service.ClusterIps)
                {
                    listeners.Add(OfAddress(service, port, address, policy, protocol));
                }

                if (service.IsHeadless)
                {
                    perPod.AddRange(OfPods(service, port, policy, protocol));
                }

                if (protocol == WireProtocol.Auto)
                {
                    routes.Add(OfSniffedPort(service, port));
                }
            }
        }

        foreach ((int port, List<(MeshService, MeshPort)> services) in httpPorts)
        {
            listeners.Add(OfHttpPort(port));
            routes.Add(OfHttpPort(port, services));
        }

        clusters.Add(derive.Passthrough());
        clusters.Add(derive.BlackHole());
        return OutboundSet.Of(_scope, clusters, listeners, perPod, routes, endpoints);
    }

    /// <summary>Where captured connections arrive; what no other listener takes goes on or is dropped (outboundTrafficPolicy).</summary>
    private XdsResource VirtualOutbound()
    {
        string fallback = _model.Settings.AllowUnknownDestinations ? Names.Passthrough : Names.BlackHole;
        Origin policy = Origin.MeshDefault("outboundTrafficPolicy.mode");
        return XdsResource.Of(Names.VirtualOutbound, new Listener
        {
            Name = Names.VirtualOutbound,
            Address = ListenerParts.Address("0.0.0.0", Names.OutboundPort),
            UseOriginalDst = true,
            TrafficDirection = Xds.Proto.Config.Core.V3.TrafficDirection.Outbound,
            Metadata = _metadata.OriginsAndKey(policy),
            FilterChains =
            {
                // A connection to the capture port itself would come back here for ever.
                new FilterChain
                {
                    Name = "virtualOutbound-blackhole",
                    FilterChainMatch = ListenerParts.Match(Names.OutboundPort),
                    Filters = { _managers.Tcp(Names.BlackHole, Names.BlackHole) },
                    Metadata = _metadata.Origins(policy),
                },
                new FilterChain
                {
                    Name = "virtualOutbound-catchall-tcp",
                    Filters = { _managers.Tcp(fallback, fallback) },
                    Metadata = _metadata.Origins(policy),
                },
            },
        });
    }

    /// <summary>One virtual or pod address: opaque, or sniffed with TCP as what remains.</summary>
    private XdsResource OfAddress(MeshService service, MeshPort port, string address, HostPolicy? policy, WireProtocol protocol)
    {
        string cluster = Names.OutboundCluster(port.Number, "", service.Host);
        string name = Names.Listener(address, port.Number);
        Listener listener = Captured(name, address, port.Number, port.Origin);
        var tcp = new FilterChain
        {
            Filters = { _managers.Tcp(cluster, cluster, policy?.Effective(port.Number, null).ConnectionPool?.TcpIdleTimeout) },
            Metadata = _metadata.Origins(port.Origin, policy?.Effective(port.Number, null).ConnectionPool?.Origin),
        };
        if (protocol == WireProtocol.Auto)
        {
            listener.FilterChains.Add(HttpChain($"outbound_{name};", Names.HostAndPort(service.Host, port.Number), port.Origin));
            listener.DefaultFilterChain = tcp;
            Sniff(listener);
        }
        else
        {
            listener.FilterChains.Add(tcp);
        }

        return XdsResource.Of(name, listener);
    }

    /// <summary>Clients of a headless service connect to pods: each address is a listener, so that the connection keeps its destination and gets mutual TLS.</summary>
    private IEnumerable<XdsResource> OfPods(MeshService service, MeshPort port, HostPolicy? policy, WireProtocol protocol)
    {
        foreach ((MeshEndpoint endpoint, int _) in _model.EndpointsOf(service).Select(port.Name, null))
        {
            yield return OfAddress(service, port, endpoint.Address, policy, protocol);
        }
    }

    /// <summary>All HTTP services of a port share one wildcard listener; what is not HTTP there goes on as if nobody had described it.</summary>
    private XdsResource OfHttpPort(int port)
    {
        string name = Names.Listener("0.0.0.0", port);
        Origin origin = Origin.MeshDefault("outboundPorts");
        Listener listener = Captured(name, "0.0.0.0", port, origin);
        string fallback = _model.Settings.AllowUnknownDestinations ? Names.Passthrough : Names.BlackHole;
        listener.FilterChains.Add(HttpChain($"outbound_{name};", Names.Number(port), origin));
        listener.DefaultFilterChain = new FilterChain
        {
            Name = "PassthroughFilterChain",
            Filters = { _managers.Tcp(fallback, fallback) },
            Metadata = _metadata.Origins(Origin.MeshDefault("outboundTrafficPolicy.mode")),
        };
        Sniff(listener);
        return XdsResource.Of(name, listener);
    }

    private Listener Captured(string name, string address, int port, Origin origin) => new()
    {
        Name = name,
        Address = ListenerParts.Address(address, port),
        BindToPort = false,
        TrafficDirection = Xds.Proto.Config.Core.V3.TrafficDirection.Outbound,
        Metadata = _metadata.OriginsAndKey(origin),
    };

    private FilterChain HttpChain(string statPrefix, string routeConfig, Origin origin) => new()
    {
        FilterChainMatch = ListenerParts.Match(0, ListenerParts.RawBuffer, ListenerParts.PlaintextHttp(_scope.Dialect)),
        Filters = { _managers.Outbound(statPrefix, routeConfig) },
        Metadata = _metadata.Origins(origin),
    };

    /// <summary>The TLS inspector too: without it the transport protocol of a TLS connection would be unknown and read as plaintext.</summary>
    private void Sniff(Listener listener)
    {
        ListenerParts.SetDetection(listener, _model.Settings, _scope.Dialect);
        listener.ListenerFilters.Add(ListenerParts.TlsInspector());
        listener.ListenerFilters.Add(ListenerParts.HttpInspector());
    }

    private RouteConfiguration OfSniffedPort(MeshService service, MeshPort port)
    {
        VirtualHost host = _view.HostOf(service, port);
        host.Domains.Clear();
        host.Domains.Add("*");
        return Configuration(Names.HostAndPort(service.Host, port.Number), [host], port.Origin);
    }

    private RouteConfiguration OfHttpPort(int port, List<(MeshService Service, MeshPort Port)> services)
    {
        List<VirtualHost> hosts = [.. services.Select(s => _view.HostOf(s.Service, s.Port))];

        // Hosts that no service has are reachable on port 80, as in Istio.
        if (port == 80)
        {
            var known = services.Select(s => s.Service.Host).ToHashSet(StringComparer.Ordinal);
            hosts.AddRange(_view.HostsWithoutService(port, known));
        }

        hosts = DropRepeatedDomains(hosts.OrderBy(h => h.Name, StringComparer.Ordinal));
        if (!hosts.Any(h => h.Domains.Contains("*")))
        {
            hosts.Add(new RouteDeriver(_model, _scope.Dialect).CatchAll());
        }

        return Configuration(Names.Number(port), hosts, Origin.MeshDefault("outboundPorts"));
    }

    private RouteConfiguration Configuration(string name, IEnumerable<VirtualHost> hosts, Origin origin)
    {
        var configuration = new RouteConfiguration
        {
            Name = name,
            ValidateClusters = false,
            IgnorePortInHostMatching = true,
            MaxDirectResponseBodySizeBytes = 1 << 20,
            Metadata = _metadata.OriginsAndKey(origin),
        };
        configuration.VirtualHosts.AddRange(hosts);
        return configuration;
    }

    /// <summary>A domain belongs to the first virtual host that names it: a second one would make the proxy refuse all.</summary>
    internal static List<VirtualHost> DropRepeatedDomains(IEnumerable<VirtualHost> hosts)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = new List<VirtualHost>();
        foreach (VirtualHost host in hosts)
        {
            List<string> domains = [.. host.Domains.Where(seen.Add)];
            host.Domains.Clear();
            host.Domains.AddRange(domains);
            if (domains.Count > 0)
            {
                kept.Add(host);
            }
        }

        return kept;
    }
}
