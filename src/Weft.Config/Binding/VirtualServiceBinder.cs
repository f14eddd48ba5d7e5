using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>VirtualService, whole schema, with the rules of Istio's webhook.</summary>
internal static class VirtualServiceBinder
{
    internal static VirtualService Bind(FieldReader r)
    {
        string ownNamespace = r.Context.Key?.Namespace ?? "";
        var service = new VirtualService
        {
            Hosts = r.Strings("hosts", static (reader, field, host) => Check(reader, field, HostRules.VirtualServiceHost(host))),
            Gateways = r.Strings("gateways", static (reader, field, name) => GatewayName(reader, field, name)),
            Http = r.List("http", HttpRouteBinder.Route),
            Tls = r.List("tls", Tls),
            Tcp = r.List("tcp", Tcp),
            ExportTo = r.Strings("exportTo"),
        };
        Rules(r, service, ownNamespace);
        return service;
    }

    internal static Destination? Destination(FieldReader r)
    {
        var destination = new Destination
        {
            Host = r.RequiredString("host"),
            Subset = r.String("subset"),
            Port = r.Object("port", PortSelector)?.Number,
        };
        if (destination.Host == "*")
        {
            r.FieldError("host", "A destination cannot be *; name the service.");
        }
        else if (destination.Host.Length > 0 && HostRules.WildcardDomain(destination.Host) is { } wrong)
        {
            r.FieldError("host", wrong);
        }
        else if (r.Has("host") && destination.Host.Length == 0)
        {
            r.FieldError("host", "A destination needs a host.", DiagnosticCodes.Required);
        }

        return destination;
    }

    /// <summary>Weights are shares of their sum; a list whose sum is zero takes no traffic at all.</summary>
    internal static void Weights(FieldReader r, string field, IReadOnlyList<int?> weights)
    {
        if (weights.Count > 1 && weights.Sum(w => (long)(w ?? 0)) == 0)
        {
            r.FieldError(field, "The weights add up to 0, so nobody would get a request; give at least one destination a weight.");
        }
    }

    internal static PortNumber? PortSelector(FieldReader r)
    {
        uint number = r.UInt32("number", 65535) ?? 0;
        if (number == 0)
        {
            r.FieldError("number", "A port needs a number between 1 and 65535.", DiagnosticCodes.Required);
        }

        return new PortNumber(number);
    }

    internal static void Check(FieldReader r, FieldReader.Field field, string? wrong)
    {
        if (wrong is not null)
        {
            r.Error(field, DiagnosticCodes.InvalidValue, wrong);
        }
    }

    private static void Rules(FieldReader r, VirtualService service, string ownNamespace)
    {
        bool isMesh = service.Gateways.Count == 0 || service.Gateways.Contains("mesh", StringComparer.Ordinal);
        if (isMesh && service.Hosts.Contains("*", StringComparer.Ordinal))
        {
            r.FieldError("hosts", "wildcard host * is not allowed for virtual services bound to the mesh gateway; name the hosts, or list a gateway.");
        }

        if (service.Gateways.All(g => g == "mesh") && MatchesClaims(r.Node["http"]))
        {
            r.FieldError("http", "JWT claim based routing without a gateway is not supported: list a gateway in spec.gateways, or remove the match.");
        }

        if (service.Hosts.Count == 0 && (r.Has("tls") || r.Has("tcp")))
        {
            r.FieldError("hosts", "A virtual service without hosts is a delegate, and a delegate has only http routes.", DiagnosticCodes.Required);
        }

        for (int i = 0; i < service.Hosts.Count; i++)
        {
            for (int j = i + 1; j < service.Hosts.Count; j++)
            {
                if (HostName.Matches(service.Hosts[i].ToLowerInvariant(), service.Hosts[j].ToLowerInvariant()))
                {
                    r.FieldError("hosts", $"duplicate hosts in virtual service: {service.Hosts[i]} and {service.Hosts[j]} overlap; keep one.");
                }
            }
        }

        if (!r.Has("http") && !r.Has("tls") && !r.Has("tcp"))
        {
            r.Error("A virtual service needs http, tcp or tls routes.", DiagnosticCodes.Required);
        }

        if (HostRules.ExportTo(service.ExportTo, ownNamespace) is { } wrong)
        {
            r.FieldError("exportTo", wrong);
        }
    }

    private static bool MatchesClaims(ResourceNode? http) =>
        (http?.Items ?? []).SelectMany(route => route["match"]?.Items ?? []).SelectMany(match => match["headers"]?.Entries ?? []).Any(e => HeaderRules.IsClaim(e.Name));

    private static void GatewayName(FieldReader r, FieldReader.Field field, string name)
    {
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            bool isValid = Names.IsDnsLabel(name.AsSpan(0, slash)) && Names.IsDnsSubdomain(name.AsSpan(slash + 1));
            Check(r, field, isValid ? null : $"\"{name}\" is no gateway; write namespace/name.");
        }
        else if (!Names.IsDnsLabel(name))
        {
            if (HostRules.Fqdn(name) is { } wrong)
            {
                Check(r, field, wrong);
            }
            else
            {
                r.Warning(field, DiagnosticCodes.Deprecated, "using legacy gatewayName format \"gateway.namespace\"; prefer the \"namespace/gateway\" format.");
            }
        }
    }

    private static TlsRoute? Tls(FieldReader r)
    {
        var route = new TlsRoute { Match = r.List("match", TlsMatch), Route = Routes(r) };
        if (!r.Has("match"))
        {
            r.Missing("match");
        }

        return route;
    }

    private static TlsMatchAttributes? TlsMatch(FieldReader r)
    {
        var match = new TlsMatchAttributes
        {
            SniHosts = r.Strings("sniHosts", static (reader, field, host) =>
            {
                if (HostRules.IsIp(host))
                {
                    reader.Warning(field, DiagnosticCodes.InvalidValue, $"using an IP address ({host}) goes against SNI spec and most clients do not support this.");
                }
                else
                {
                    Check(reader, field, HostRules.WildcardDomain(host));
                }
            }),
            DestinationSubnets = r.Strings("destinationSubnets"),
            Port = r.UInt32("port", 65535),
            SourceLabels = r.StringMap("sourceLabels"),
            SourceNamespace = r.String("sourceNamespace"),
            Gateways = r.Strings("gateways"),
        };
        if (!r.Has("sniHosts"))
        {
            r.Missing("sniHosts");
        }

        return match;
    }

    private static TcpRoute? Tcp(FieldReader r) => new()
    {
        Match = r.List("match", m => new L4MatchAttributes
        {
            DestinationSubnets = m.Strings("destinationSubnets"),
            Port = m.UInt32("port", 65535),
            SourceSubnet = m.String("sourceSubnet"),
            SourceLabels = m.StringMap("sourceLabels"),
            SourceNamespace = m.String("sourceNamespace"),
            Gateways = m.Strings("gateways"),
        }),
        Route = Routes(r),
    };

    private static IReadOnlyList<RouteDestination> Routes(FieldReader r)
    {
        var weights = new List<int?>();
        IReadOnlyList<RouteDestination> routes = r.List("route", d =>
        {
            var route = new RouteDestination { Destination = d.Object("destination", Destination) ?? new Destination(), Weight = d.Int32("weight", 0) };
            weights.Add(route.Weight);
            if (!d.Has("destination"))
            {
                d.Missing("destination");
            }

            return route;
        });
        if (!r.Has("route"))
        {
            r.Missing("route");
        }

        Weights(r, "route", weights);
        return routes;
    }

    /// <summary>A port by number, as a class so that it can be null.</summary>
    internal sealed record PortNumber(uint Number);
}
