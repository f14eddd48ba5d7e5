using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Networking;
using Weft.Control.Model;
using HeaderOperations = Weft.Control.Model.HeaderOperations;

namespace Weft.Control.FrontEnds;

/// <summary>VirtualService (http) → <see cref="HostRules"/>. Pure: the object and the mesh settings are its only inputs.</summary>
internal static class VirtualServiceFrontEnd
{
    public static HostRules Read(Resource<VirtualService> resource, MeshSettings settings)
    {
        VirtualService spec = resource.Spec;
        Origin origin = new("", resource.Kind, resource.Namespace, resource.Name, "");
        return new HostRules
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            Hosts = [.. spec.Hosts.Select(h => HostName.Resolve(h, resource.Namespace, settings.ClusterDomain)).Distinct(StringComparer.Ordinal)],
            Gateways = ResolveGateways(spec.Gateways, resource.Namespace, orMesh: true),
            ExportTo = ExportScope.Parse(spec.ExportTo),
            Created = resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
            Rules = [.. spec.Http.Select(route => ReadRule(route, resource.Namespace, origin, settings)).OfType<Rule>()],
            Origin = origin,
        };
    }

    /// <summary>A bare name is a gateway of the rule's namespace; <c>mesh</c> stays.</summary>
    private static ImmutableArray<string> ResolveGateways(IReadOnlyList<string> gateways, string ruleNamespace, bool orMesh)
    {
        if (gateways.Count == 0)
        {
            return orMesh ? [HostRules.MeshGateway] : [];
        }

        return [.. gateways.Select(g => g == HostRules.MeshGateway || g.Contains('/', StringComparison.Ordinal) ? g : ruleNamespace + "/" + g)];
    }

    private static Rule? ReadRule(HttpRoute route, string ruleNamespace, Origin vs, MeshSettings settings)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"spec.http[{route.Index}]");
        if (route.Delegate is not null || (route.Route.Count == 0 && route.Redirect is null && route.DirectResponse is null))
        {
            // Reported by the reader; a rule without an action would otherwise shadow what follows.
            return null;
        }

        HeaderOperations requestHeaders = ReadHeaders(route.Headers?.Request, out string headerAuthority);
        return new Rule
        {
            Name = route.Name ?? "",
            Matches = route.Match.Count == 0
                ? [RuleMatch.Any(vs.At(path))]
                : [.. route.Match.Select(m => ReadMatch(m, ruleNamespace, vs.At(
                    string.Create(CultureInfo.InvariantCulture, $"{path}.match[{m.Index}]"),
                    string.Create(CultureInfo.InvariantCulture, $"match[{m.Index}]"))))],
            Backends = ReadBackends(route.Route, path, ruleNamespace, vs, settings),
            Redirect = route.Redirect is { } redirect ? ReadRedirect(redirect, vs.At(path + ".redirect", "redirect")) : null,
            DirectResponse = route.DirectResponse is { } direct
                ? new DirectResponseAction((int)direct.Status, direct.BodyString, direct.BodyBytes ?? default, vs.At(path + ".directResponse", "direct_response"))
                : null,
            Rewrite = ReadRewrite(route.Rewrite, headerAuthority, path, vs),
            Timeout = route.Timeout,
            TimeoutOrigin = route.Timeout is null ? null : vs.At(path + ".timeout", "timeout"),
            Retries = route.Retries is { } retries ? ReadRetries(retries, vs.At(path + ".retries", "retries")) : null,
            RequestHeaders = requestHeaders,
            ResponseHeaders = ReadHeaders(route.Headers?.Response, out _),
            HeadersOrigin = route.Headers is null ? null : vs.At(path + ".headers", "headers"),
            Origin = vs.At(path),
        };
    }

    /// <summary>An explicit rewrite of the authority wins over a <c>host</c> among the header operations.</summary>
    private static RewriteAction? ReadRewrite(HttpRewrite? rewrite, string headerAuthority, string path, Origin vs)
    {
        if (rewrite is null)
        {
            return headerAuthority.Length == 0 ? null : new RewriteAction("", headerAuthority, "", "", vs.At(path + ".headers.request.set", "rewrite"));
        }

        return new RewriteAction(
            rewrite.Uri ?? "",
            string.IsNullOrEmpty(rewrite.Authority) ? headerAuthority : rewrite.Authority,
            rewrite.UriRegexRewrite?.Match ?? "",
            rewrite.UriRegexRewrite?.Rewrite ?? "",
            vs.At(path + ".rewrite", "rewrite"));
    }

    private static RuleMatch ReadMatch(HttpMatchRequest match, string ruleNamespace, Origin origin) => new()
    {
        Name = match.Name ?? "",
        Gateways = ResolveGateways(match.Gateways, ruleNamespace, orMesh: false),
        SourceLabels = match.SourceLabels.ToImmutableSortedDictionary(StringComparer.Ordinal),
        SourceNamespace = match.SourceNamespace ?? "",
        Port = (int)(match.Port ?? 0),
        Path = Text(match.Uri),
        IgnoreCase = match.IgnoreUriCase,
        Method = Text(match.Method),
        Scheme = Text(match.Scheme),
        Authority = Text(match.Authority),
        Headers = Named(match.Headers),
        WithoutHeaders = Named(match.WithoutHeaders),
        QueryParameters = Named(match.QueryParams),
        Origin = origin,
    };

    private static TextMatch? Text(StringMatch? match) => match is null ? null : Convert(match);

    private static ImmutableArray<KeyValuePair<string, TextMatch>> Named(IReadOnlyList<KeyValuePair<string, StringMatch>> matches) =>
        [.. matches.Select(m => KeyValuePair.Create(m.Key, Convert(m.Value)))];

    private static TextMatch Convert(StringMatch match) => match.Kind switch
    {
        StringMatchKind.Exact => new TextMatch(TextMatchKind.Exact, match.Value),
        StringMatchKind.Prefix => new TextMatch(TextMatchKind.Prefix, match.Value),
        StringMatchKind.Regex => new TextMatch(TextMatchKind.Regex, match.Value),
        _ => TextMatch.Present,
    };

    /// <summary>A single destination gets everything whatever its weight; of several, weight 0 gets nothing and is dropped.</summary>
    private static ImmutableArray<Backend> ReadBackends(
        IReadOnlyList<HttpRouteDestination> destinations, string path, string ruleNamespace, Origin vs, MeshSettings settings)
    {
        ImmutableArray<Backend>.Builder backends = ImmutableArray.CreateBuilder<Backend>(destinations.Count);
        for (int i = 0; i < destinations.Count; i++)
        {
            HttpRouteDestination destination = destinations[i];
            int weight = destinations.Count == 1 ? 100 : destination.Weight ?? 0;
            if (weight <= 0)
            {
                continue;
            }

            backends.Add(new Backend
            {
                Host = HostName.Resolve(destination.Destination.Host, ruleNamespace, settings.ClusterDomain),
                Subset = destination.Destination.Subset ?? "",
                Port = (int)(destination.Destination.Port ?? 0),
                Weight = weight,
                RequestHeaders = ReadHeaders(destination.Headers?.Request, out string authority),
                ResponseHeaders = ReadHeaders(destination.Headers?.Response, out _),
                AuthorityRewrite = authority,
                Origin = vs.At(string.Create(CultureInfo.InvariantCulture, $"{path}.route[{i}]"), string.Create(CultureInfo.InvariantCulture, $"weight[{backends.Count}]")),
            });
        }

        return backends.ToImmutable();
    }

    private static RedirectAction ReadRedirect(HttpRedirect redirect, Origin origin) => new(
        redirect.Uri ?? "",
        redirect.PrefixRewrite ?? "",
        redirect.Authority ?? "",
        redirect.Scheme ?? "",
        (int)(redirect.Port ?? 0),
        (int)(redirect.RedirectCode is null or 0 ? 301 : redirect.RedirectCode.Value),
        origin)
    {
        PortFromScheme = redirect.DerivePort == RedirectPortSelection.FromProtocolDefault,
    };

    /// <summary>Numbers in retryOn become status codes and bring the word <c>retriable-status-codes</c> with them (istio.md 1.1).</summary>
    private static RetrySettings ReadRetries(HttpRetry retries, Origin origin)
    {
        var words = new List<string>();
        ImmutableArray<int>.Builder codes = ImmutableArray.CreateBuilder<int>();
        foreach (string part in (string.IsNullOrEmpty(retries.RetryOn) ? RetrySettings.Default.RetryOn : retries.RetryOn).Split(','))
        {
            string word = part.Trim();
            if (int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int code))
            {
                codes.Add(code);
            }
            else if (word.Length > 0)
            {
                words.Add(word);
            }
        }

        if (codes.Count > 0 && !words.Contains("retriable-status-codes", StringComparer.Ordinal))
        {
            words.Add("retriable-status-codes");
        }

        return new RetrySettings
        {
            Attempts = Math.Max(0, retries.Attempts),
            RetryOn = string.Join(',', words),
            StatusCodes = codes.ToImmutable(),
            PerTryTimeout = retries.PerTryTimeout,
            BackOff = retries.Backoff,
            AvoidPreviousHosts = retries.RetryIgnorePreviousHosts ?? true,
            Origin = origin,
        };
    }

    /// <summary>Setting <c>host</c> means rewriting the authority; other names that begin with a colon are not headers and are dropped (istio.md 1.1).</summary>
    private static HeaderOperations ReadHeaders(Config.Networking.HeaderOperations? operations, out string authority)
    {
        authority = "";
        if (operations is null)
        {
            return HeaderOperations.None;
        }

        ImmutableArray<KeyValuePair<string, string>>.Builder set = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        foreach ((string name, string value) in operations.Set)
        {
            if (IsAuthority(name))
            {
                authority = value;
            }
            else if (!name.StartsWith(':'))
            {
                set.Add(KeyValuePair.Create(name, value));
            }
        }

        return new HeaderOperations
        {
            Set = set.ToImmutable(),
            Add = [.. operations.Add.Where(h => !h.Key.StartsWith(':') && !IsAuthority(h.Key))],
            Remove = [.. operations.Remove.Where(h => !h.StartsWith(':') && !IsAuthority(h))],
        };
    }

    private static bool IsAuthority(string name) =>
        name.Equals("host", StringComparison.OrdinalIgnoreCase) || name.Equals(":authority", StringComparison.OrdinalIgnoreCase);
}
