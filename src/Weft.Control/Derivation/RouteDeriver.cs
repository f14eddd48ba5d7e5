using System;
using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Weft.Config;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Route.V3;
using Weft.Xds.Proto.Extensions.Retry.Host.PreviousHosts.V3;
using Weft.Xds.Proto.Types.Matcher.V3;
using HeaderAppendAction = Weft.Xds.Proto.Config.Core.V3.HeaderValueOption.Types.HeaderAppendAction;
using HeaderOperations = Weft.Control.Model.HeaderOperations;
using Origin = Weft.Control.Model.Origin;

namespace Weft.Control.Derivation;

/// <summary>Rules → routes, in first-match order (xds.md A.2 RDS, istio.md 1.1). Pure.</summary>
internal sealed class RouteDeriver(RoutingModel model, Dialect dialect)
{
    private const string PreviousHosts = "envoy.retry_host_predicates.previous_hosts";

    private readonly MetadataWriter _metadata = new(dialect, model.Settings);

    /// <summary>
    /// The routes of a rule set for one client and listener. What is decided by who the client is (gateway, labels, namespace, port) is decided here; generation stops after a route that matches everything.
    /// </summary>
    public List<Route> Derive(HostRules rules, RouteContext context)
    {
        var routes = new List<Route>();
        foreach (Rule rule in rules.Rules)
        {
            foreach (RuleMatch match in rule.Matches)
            {
                if (!context.Admits(rules, match))
                {
                    continue;
                }

                routes.Add(OfRule(rules, rule, match, context));
                if (match.IsCatchAll)
                {
                    return routes;
                }
            }
        }

        return routes;
    }

    /// <summary>Everything to one service port: what a host without rules gets.</summary>
    public Route ToService(MeshService service, MeshPort port)
    {
        var action = new RouteAction
        {
            Cluster = Names.OutboundCluster(port.Number, "", service.Host),
            Timeout = Duration.FromTimeSpan(TimeSpan.Zero),
            RetryPolicy = Retries(RetrySettings.Default),
        };
        return new Route
        {
            Name = "default",
            Match = new RouteMatch { Prefix = "/" },
            Route_ = action,
            Decorator = Decorate($"{service.Host}:{port.Number}/*"),
            Metadata = _metadata.Origins(port.Origin, RetrySettings.Default.Origin),
        };
    }

    /// <summary>The catch-all of a sidecar: where the client wanted, or a 502 when only known services may be called.</summary>
    public VirtualHost CatchAll()
    {
        Origin origin = Origin.MeshDefault("outboundTrafficPolicy.mode");
        var route = new Route { Match = new RouteMatch { Prefix = "/" }, Metadata = _metadata.Origins(origin) };
        var host = new VirtualHost { Domains = { "*" }, IncludeRequestAttemptCount = true, Routes = { route }, Metadata = _metadata.Origins(origin) };
        if (model.Settings.AllowUnknownDestinations)
        {
            host.Name = route.Name = "allow_any";
            route.Route_ = new RouteAction { Cluster = Names.Passthrough, Timeout = Duration.FromTimeSpan(TimeSpan.Zero) };
        }
        else
        {
            host.Name = route.Name = "block_all";
            route.DirectResponse = new Xds.Proto.Config.Route.V3.DirectResponseAction { Status = 502 };
        }

        return host;
    }

    /// <summary>The inbound side: everything to the workload. <paramref name="isDenied"/>: everything is refused (a broken AuthorizationPolicy).</summary>
    public VirtualHost Inbound(string cluster, string hostName, string operation, bool mayRetry, bool isDenied, params IEnumerable<Origin?> origins)
    {
        var route = new Route { Name = "default", Match = new RouteMatch { Prefix = "/" }, Decorator = Decorate(operation), Metadata = _metadata.Origins(origins) };
        if (isDenied)
        {
            route.DirectResponse = new Xds.Proto.Config.Route.V3.DirectResponseAction { Status = 403, Body = new DataSource { InlineString = "RBAC: access denied" } };
        }
        else
        {
            route.Route_ = new RouteAction
            {
                Cluster = cluster,
                Timeout = Duration.FromTimeSpan(TimeSpan.Zero),
                MaxStreamDuration = new RouteAction.Types.MaxStreamDuration
                {
                    MaxStreamDuration_ = Duration.FromTimeSpan(TimeSpan.Zero),
                    GrpcTimeoutHeaderMax = Duration.FromTimeSpan(TimeSpan.Zero),
                },
                RetryPolicy = mayRetry ? new RetryPolicy { RetryOn = "reset-before-request", NumRetries = 2 } : null,
            };
        }

        return new VirtualHost { Name = hostName, Domains = { "*" }, Routes = { route } };
    }

    private Route OfRule(HostRules rules, Rule rule, RuleMatch match, RouteContext context)
    {
        var route = new Route
        {
            Name = (rule.Name, match.Name) switch { ({ } r, "") => r, ("", { } m) => m, ({ } r, { } m) => r + "." + m },
            Match = RouteMatches.Of(match),
            Metadata = Describe(rules, _metadata.Origins(OriginsOf(rule, match))),
        };

        if (rule.Redirect is { } redirect)
        {
            route.Redirect = RouteAnswers.Of(redirect);
            route.Decorator = Decorate($"{rules.Name}:{context.Port}{RouteMatches.PathOf(match)}");
        }
        else if (rule.DirectResponse is { } direct)
        {
            route.DirectResponse = RouteAnswers.Of(direct);
            route.Decorator = Decorate($"{rules.Name}:{context.Port}{RouteMatches.PathOf(match)}");
        }
        else if (rule.Backends.IsEmpty)
        {
            // Every destination has weight 0: nobody may be asked.
            route.DirectResponse = new Xds.Proto.Config.Route.V3.DirectResponseAction { Status = 503 };
        }
        else
        {
            route.Route_ = Forward(rule, context, out string host);
            route.Decorator = Decorate($"{host}{RouteMatches.PathOf(match)}");
        }

        Apply(rule.RequestHeaders, route.RequestHeadersToAdd, route.RequestHeadersToRemove);
        Apply(rule.ResponseHeaders, route.ResponseHeadersToAdd, route.ResponseHeadersToRemove);
        if (rule.Backends.Length == 1 && route.Route_ is not null)
        {
            Apply(rule.Backends[0].RequestHeaders, route.RequestHeadersToAdd, route.RequestHeadersToRemove);
            Apply(rule.Backends[0].ResponseHeaders, route.ResponseHeadersToAdd, route.ResponseHeadersToRemove);
        }

        return route;
    }

    private static IEnumerable<Origin?> OriginsOf(Rule rule, RuleMatch match)
    {
        yield return rule.Origin;
        yield return match.Origin.Aspect.Length > 0 ? match.Origin : null;
        foreach (Backend backend in rule.Backends)
        {
            yield return backend.Origin;
        }

        yield return rule.TimeoutOrigin;
        yield return rule.Backends.IsEmpty ? null : (rule.Retries ?? RetrySettings.Default).Origin;
        yield return rule.Rewrite?.Origin;
        yield return rule.HeadersOrigin;
        yield return rule.Redirect?.Origin;
        yield return rule.DirectResponse?.Origin;
    }

    private RouteAction Forward(Rule rule, RouteContext context, out string operation)
    {
        var action = new RouteAction
        {
            Timeout = Duration.FromTimeSpan(rule.Timeout ?? TimeSpan.Zero),
            RetryPolicy = Retries(rule.Retries ?? RetrySettings.Default),
        };

        if (rule.Backends.Length == 1)
        {
            Backend only = rule.Backends[0];
            action.Cluster = ClusterOf(only, context, out int port);
            operation = Names.HostAndPort(only.Host, port);
            if (only.AuthorityRewrite.Length > 0)
            {
                action.HostRewriteLiteral = only.AuthorityRewrite;
            }
        }
        else
        {
            operation = Names.HostAndPort(rule.Backends[0].Host, context.Port);
            action.WeightedClusters = new WeightedCluster();
            foreach (Backend backend in rule.Backends)
            {
                action.WeightedClusters.Clusters.Add(Weighted(backend, context));
            }
        }

        if (rule.Rewrite is { } rewrite)
        {
            if (rewrite.RegexPattern.Length > 0)
            {
                action.RegexRewrite = new RegexMatchAndSubstitute { Pattern = new RegexMatcher { Regex = rewrite.RegexPattern }, Substitution = rewrite.RegexSubstitution };
            }
            else if (rewrite.Uri.Length > 0)
            {
                action.PrefixRewrite = rewrite.Uri;
            }

            if (rewrite.Authority.Length > 0)
            {
                action.HostRewriteLiteral = rewrite.Authority;
            }
        }

        return action;
    }

    private WeightedCluster.Types.ClusterWeight Weighted(Backend backend, RouteContext context)
    {
        var weighted = new WeightedCluster.Types.ClusterWeight { Name = ClusterOf(backend, context, out _), Weight = (uint)backend.Weight };
        Apply(backend.RequestHeaders, weighted.RequestHeadersToAdd, weighted.RequestHeadersToRemove);
        Apply(backend.ResponseHeaders, weighted.ResponseHeadersToAdd, weighted.ResponseHeadersToRemove);
        if (backend.AuthorityRewrite.Length > 0)
        {
            weighted.HostRewriteLiteral = backend.AuthorityRewrite;
        }

        return weighted;
    }

    /// <summary>The port a rule names, else the service's only port, else the listener's (istio.md 1.1). An unknown service or subset makes a name that no cluster has: 503 NC.</summary>
    private string ClusterOf(Backend backend, RouteContext context, out int port)
    {
        port = backend.Port;
        if (port == 0)
        {
            List<MeshPort> ports = [.. (model.FindService(backend.Host)?.Ports ?? []).Where(p => p.Protocol != PortProtocol.Udp)];
            port = ports.Count == 1 ? ports[0].Number : context.Port;
        }

        return Names.OutboundCluster(port, backend.Subset, backend.Host);
    }

    private static RetryPolicy? Retries(RetrySettings settings)
    {
        if (settings.Attempts == 0)
        {
            return null;
        }

        var policy = new RetryPolicy
        {
            RetryOn = settings.RetryOn,
            NumRetries = (uint)settings.Attempts,
            HostSelectionRetryMaxAttempts = 5,
            PerTryTimeout = settings.PerTryTimeout is { } time && time > TimeSpan.Zero ? Duration.FromTimeSpan(time) : null,
            RetryBackOff = settings.BackOff is { } wait && wait > TimeSpan.Zero
                ? new RetryPolicy.Types.RetryBackOff { BaseInterval = Duration.FromTimeSpan(wait) }
                : null,
        };
        policy.RetriableStatusCodes.AddRange(settings.StatusCodes.Select(c => (uint)c));
        if (settings.AvoidPreviousHosts)
        {
            policy.RetryHostPredicate.Add(new RetryPolicy.Types.RetryHostPredicate { Name = PreviousHosts, TypedConfig = MetadataWriter.Pack(new PreviousHostsPredicate()) });
        }

        return policy;
    }

    private static void Apply(HeaderOperations operations, RepeatedField<HeaderValueOption> add, RepeatedField<string> remove)
    {
        foreach ((string name, string value) in operations.Set)
        {
            add.Add(new HeaderValueOption { Header = new HeaderValue { Key = name, Value = value }, AppendAction = HeaderAppendAction.OverwriteIfExistsOrAdd });
        }

        foreach ((string name, string value) in operations.Add)
        {
            add.Add(new HeaderValueOption { Header = new HeaderValue { Key = name, Value = value }, AppendAction = HeaderAppendAction.AppendIfExistsOrAdd });
        }

        foreach (string name in operations.Remove)
        {
            remove.Add(name);
        }
    }

    /// <summary>Names spans; weft-proxy does not trace yet.</summary>
    private Decorator? Decorate(string operation) => dialect == Dialect.Weft ? null : new Decorator { Operation = operation };

    /// <summary>Istio's word for the object that made a route.</summary>
    private Metadata? Describe(HostRules rules, Metadata? metadata)
    {
        if (dialect == Dialect.Weft || rules.Origin.Kind != "VirtualService")
        {
            return metadata;
        }

        metadata ??= new Metadata();
        metadata.FilterMetadata["istio"] = new Struct
        {
            Fields = { ["config"] = Value.ForString($"/apis/networking.istio.io/v1/namespaces/{rules.Namespace}/virtual-service/{rules.Name}") },
        };
        return metadata;
    }
}
