using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Config;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Derivation;

/// <summary>What a scope can see: services, rules by host, policies, and the virtual hosts that follow. Pure; one scope, one thread.</summary>
internal sealed class ScopeView
{
    private readonly RoutingModel _model;
    private readonly OutboundScope _scope;
    private readonly RouteDeriver _routes;
    private readonly MetadataWriter _metadata;
    private readonly Dictionary<string, HostRules> _exact = new(StringComparer.Ordinal);
    private readonly List<(string Host, HostRules Rules)> _wildcards = [];

    public ScopeView(RoutingModel model, OutboundScope scope)
    {
        _model = model;
        _scope = scope;
        _routes = new RouteDeriver(model, scope.Dialect);
        _metadata = new MetadataWriter(scope.Dialect, model.Settings);
        Services = [.. model.Services.Where(s => s.ExportTo.IsVisible(s.Namespace, scope.Namespace))];
        IndexRules();
    }

    /// <summary>By host.</summary>
    public ImmutableArray<MeshService> Services { get; }

    public HostPolicy? PolicyOf(MeshService service) =>
        _model.Policies.HostPolicyFor(_scope.Namespace, _scope.Labels, service.Host, service.Namespace);

    /// <summary>Private rules first, then those exported to this namespace by name, then public ones; each oldest first. For one host the first wins (istio.md 1.1).</summary>
    private void IndexRules()
    {
        IEnumerable<HostRules> visible = _model.HostRules
            .Where(r => r.ExportTo.IsVisible(r.Namespace, _scope.Namespace) && BindsToMesh(r))
            .OrderBy(r => r.ExportTo.IsPrivate ? 0 : r.ExportTo.IsEveryone ? 2 : 1);
        foreach (HostRules rules in visible)
        {
            foreach (string host in rules.Hosts)
            {
                if (HostName.IsWildcard(host))
                {
                    _wildcards.Add((host, rules));
                }
                else
                {
                    _exact.TryAdd(host, rules);
                }
            }
        }
    }

    private static bool BindsToMesh(HostRules rules) =>
        rules.IsBoundTo(HostRules.MeshGateway) || rules.Rules.Any(r => r.Matches.Any(m => m.Gateways.Contains(HostRules.MeshGateway)));

    /// <summary>The rules for a host: those that name it, else those of the most specific wildcard.</summary>
    public HostRules? RulesOf(string host)
    {
        if (_exact.TryGetValue(host, out HostRules? exact))
        {
            return exact;
        }

        (string Host, HostRules Rules)? best = null;
        foreach ((string Host, HostRules Rules) candidate in _wildcards)
        {
            if (HostName.IsSubsetOf(host, candidate.Host) && (best is null || HostName.Compare(candidate.Host, best.Value.Host) < 0))
            {
                best = candidate;
            }
        }

        return best?.Rules;
    }

    /// <summary>The virtual host of a service port: its rules, or everything to the service.</summary>
    public VirtualHost HostOf(MeshService service, MeshPort port)
    {
        var host = new VirtualHost { Name = Names.HostAndPort(service.Host, port.Number), IncludeRequestAttemptCount = true };
        host.Domains.AddRange(DomainsOf(service));
        HostRules? rules = RulesOf(service.Host);
        List<Route> routes = rules is null ? [] : _routes.Derive(rules, ContextFor(port.Number));
        if (rules is null || routes.Count == 0)
        {
            // Rules of which no alternative can hold for this client leave the host as it was.
            host.Routes.Add(_routes.ToService(service, port));
            host.Metadata = _metadata.Origins(port.Origin);
        }
        else
        {
            host.Routes.AddRange(routes);
            host.Metadata = _metadata.Origins(rules.Origin.At("spec.hosts"), port.Origin);
        }

        return host;
    }

    /// <summary>Hosts of rules that no service of the port has.</summary>
    public IEnumerable<VirtualHost> HostsWithoutService(int port, HashSet<string> known)
    {
        IEnumerable<(string Host, HostRules Rules)> hosts = _exact.Select(e => (e.Key, e.Value)).Concat(_wildcards).DistinctBy(h => h.Item1, StringComparer.Ordinal);
        foreach ((string name, HostRules rules) in hosts)
        {
            if (known.Contains(name))
            {
                continue;
            }

            List<Route> routes = _routes.Derive(rules, ContextFor(port));
            if (routes.Count > 0)
            {
                var host = new VirtualHost
                {
                    Name = Names.HostAndPort(name, port),
                    Domains = { name },
                    IncludeRequestAttemptCount = true,
                    Metadata = _metadata.Origins(rules.Origin.At("spec.hosts")),
                };
                host.Routes.AddRange(routes);
                yield return host;
            }
        }
    }

    private RouteContext ContextFor(int port) => new(port, [HostRules.MeshGateway], _scope.Namespace, _scope.Labels);

    /// <summary>All names by which a client in the scope's namespace may call a service (istio.md 1.1). Ports are ignored when domains are compared.</summary>
    private IEnumerable<string> DomainsOf(MeshService service)
    {
        List<string> names = [service.Host, service.Host + "."];
        string inNamespace = $"{service.Name}.{service.Namespace}";
        if (service.Namespace == _scope.Namespace)
        {
            names.Add(service.Name);
        }

        names.Add(inNamespace + ".svc");
        names.Add(inNamespace);
        return service.IsHeadless
            ? [.. names, .. names.Where(n => !n.EndsWith('.')).Select(n => "*." + n)]
            : [.. names, .. service.ClusterIps];
    }
}
