using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Listener.V3;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Derivation;

/// <summary>A gateway proxy: the HTTP servers that select it, their routes, and clusters for whatever they may route to (xds.md A.3). Pure; made once per scope and model.</summary>
internal sealed class GatewayDeriver(RoutingModel model, OutboundScope scope)
{
    private readonly MetadataWriter _metadata = new(scope.Dialect, model.Settings);
    private readonly HttpManagers _managers = new(model.Settings, scope.Dialect);
    private readonly RouteDeriver _routes = new(model, scope.Dialect);
    private readonly ScopeView _view = new(model, scope);

    public OutboundSet Derive()
    {
        var clusters = new List<XdsResource>();
        var endpoints = new List<EndpointRef>();
        var derive = new ClusterDeriver(model, scope.Dialect);
        foreach (MeshService service in _view.Services)
        {
            HostPolicy? policy = _view.PolicyOf(service);
            foreach (MeshPort port in service.Ports.Where(p => WireProtocols.Of(p.Protocol, scope.Dialect) != WireProtocol.None))
            {
                clusters.AddRange(derive.OfPort(service, port, policy, scope.Kind));
                endpoints.AddRange(EndpointRef.Of(service, port, policy, scope.Kind));
            }
        }

        clusters.Add(derive.BlackHole());

        var listeners = new List<XdsResource>();
        var routes = new List<RouteConfiguration>();
        foreach (IGrouping<int, BoundServer> server in Servers().GroupBy(s => s.ListenerPort).OrderBy(g => g.Key))
        {
            List<BoundServer> bound = [.. server];
            listeners.Add(OfPort(server.Key, bound));
            routes.Add(RoutesOf(server.Key, bound));
        }

        return OutboundSet.Of(scope, clusters, listeners, [], routes, endpoints);
    }

    /// <summary>A server and the port on which this proxy opens it.</summary>
    private sealed record BoundServer(GatewayServers Gateway, GatewayServer Server, int ListenerPort);

    /// <summary>Servers of the gateways whose selector matches this proxy. A server's port is a port of the proxy's Service: the listener opens its target port (Istio's rule), else the port itself.</summary>
    private IEnumerable<BoundServer> Servers()
    {
        List<MeshService> own = [.. model.ServicesOf(scope.Namespace, scope.Labels, [])];
        foreach (GatewayServers gateway in model.Gateways.Where(g => LabelSelector.IsSubset(g.Selector, scope.Labels)))
        {
            foreach (GatewayServer server in gateway.Servers)
            {
                int target = own.Select(s => s.PortByNumber(server.Port)).OfType<MeshPort>().Select(p => InboundPort.Resolve(p, scope.NamedPorts)).FirstOrDefault(p => p > 0);
                yield return new BoundServer(gateway, server, target > 0 ? target : server.Port);
            }
        }
    }

    private XdsResource OfPort(int port, List<BoundServer> servers)
    {
        string name = Names.Listener("0.0.0.0", port);
        IEnumerable<Origin?> origins = servers.Select(s => (Origin?)s.Server.Origin);
        return XdsResource.Of(name, new Listener
        {
            Name = name,
            Address = ListenerParts.Address("0.0.0.0", port),
            TrafficDirection = Xds.Proto.Config.Core.V3.TrafficDirection.Outbound,
            Metadata = _metadata.OriginsAndKey(origins),
            FilterChains =
            {
                new FilterChain { Filters = { _managers.Gateway($"outbound_{name};", RouteName(port)) }, Metadata = _metadata.Origins(origins) },
            },
        });
    }

    /// <summary>
    /// One virtual host per host name, in the order in which rule sets come; rule sets of one host are joined, and routes that match everything go last (istio.md 1.1). What nobody serves is a 404.
    /// </summary>
    private RouteConfiguration RoutesOf(int port, List<BoundServer> servers)
    {
        var hosts = new Dictionary<string, (VirtualHost Host, List<Origin?> Origins)>(StringComparer.Ordinal);
        foreach (BoundServer server in servers)
        {
            foreach (HostRules rules in model.HostRules.Where(r => r.ExportTo.IsVisible(r.Namespace, scope.Namespace) && Binds(r, server.Gateway.Reference)))
            {
                foreach (string host in Intersect(server.Server, rules))
                {
                    List<Route> routes = _routes.Derive(rules, new RouteContext(server.Server.Port, [server.Gateway.Reference], scope.Namespace, scope.Labels));
                    if (routes.Count == 0)
                    {
                        continue;
                    }

                    if (!hosts.TryGetValue(host, out (VirtualHost Host, List<Origin?> Origins) known))
                    {
                        known = (new VirtualHost { Name = Names.HostAndPort(host, server.Server.Port), Domains = { host }, IncludeRequestAttemptCount = true }, []);
                        hosts[host] = known;
                    }

                    known.Host.Routes.AddRange(routes);
                    known.Origins.Add(rules.Origin.At("spec.hosts"));
                    known.Origins.Add(server.Server.Origin);
                }
            }
        }

        var configuration = new RouteConfiguration
        {
            Name = RouteName(port),
            ValidateClusters = false,
            IgnorePortInHostMatching = true,
            MaxDirectResponseBodySizeBytes = 1 << 20,
            Metadata = _metadata.OriginsAndKey(servers.Select(s => (Origin?)s.Server.Origin)),
        };
        foreach ((string _, (VirtualHost host, List<Origin?> origins)) in hosts.OrderBy(h => h.Key, StringComparer.Ordinal))
        {
            CatchAllsLast(host);
            host.Metadata = _metadata.Origins(origins);
            configuration.VirtualHosts.Add(host);
        }

        if (configuration.VirtualHosts.Count == 0)
        {
            configuration.VirtualHosts.Add(new VirtualHost { Name = "blackhole:" + Names.Number(port), Domains = { "*" } });
        }

        return configuration;
    }

    private static void CatchAllsLast(VirtualHost host)
    {
        List<Route> sorted = [.. host.Routes.OrderBy(r => IsCatchAll(r) ? 1 : 0)];
        host.Routes.Clear();
        host.Routes.AddRange(sorted);
    }

    private static bool IsCatchAll(Route route) =>
        route.Match is { Headers.Count: 0, QueryParameters.Count: 0 } match
        && (match is { PathSpecifierCase: RouteMatch.PathSpecifierOneofCase.Prefix, Prefix: "/" }
            || (match.PathSpecifierCase == RouteMatch.PathSpecifierOneofCase.SafeRegex && match.SafeRegex.Regex is ".*" or "/.*"));

    private static bool Binds(HostRules rules, string gateway) =>
        rules.IsBoundTo(gateway) || rules.Rules.Any(r => r.Matches.Any(m => m.Gateways.Contains(gateway)));

    /// <summary>Names that both the server and the rules have: of two that overlap the narrower one.</summary>
    private static SortedSet<string> Intersect(GatewayServer server, HostRules rules)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        foreach (GatewayHost offered in server.Hosts.Where(h => h.Admits(rules.Namespace)))
        {
            foreach (string host in rules.Hosts)
            {
                if (HostName.IsSubsetOf(host, offered.Host))
                {
                    names.Add(host);
                }
                else if (HostName.IsSubsetOf(offered.Host, host))
                {
                    names.Add(offered.Host);
                }
            }
        }

        return names;
    }

    private static string RouteName(int port) => "http." + Names.Number(port);
}
