using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config.Networking;

namespace Weft.Config;

/// <summary>HTTPRoute with its match and destinations, and the webhook's rules between them.</summary>
internal static class HttpRouteBinder
{
    internal static HttpRoute? Route(FieldReader r)
    {
        var weights = new List<int?>();
        var route = new HttpRoute
        {
            Index = r.Index,
            Name = r.String("name"),
            Match = r.List("match", HttpMatchBinder.Match),
            Route = r.List("route", d => RouteDestination(d, weights)),
            Redirect = r.Object("redirect", HttpActionBinder.Redirect),
            DirectResponse = r.Object("directResponse", HttpActionBinder.DirectResponse),
            Delegate = r.Object("delegate", d => new Networking.Delegate { Name = d.String("name") ?? "", Namespace = d.String("namespace") }),
            Rewrite = r.Object("rewrite", HttpActionBinder.Rewrite),
            Timeout = r.Duration("timeout"),
            Retries = r.Object("retries", HttpActionBinder.Retry),
            Fault = r.Object("fault", HttpFaultBinder.Fault),
            Mirror = r.Object("mirror", VirtualServiceBinder.Destination),
            Mirrors = r.List("mirrors", Mirror),
            MirrorPercentage = r.Object("mirrorPercentage", HttpFaultBinder.Percent)?.Value,
            MirrorPercent = r.UInt32("mirrorPercent", 100) ?? r.UInt32("mirror_percent", 100),
            CorsPolicy = r.Object("corsPolicy", HttpActionBinder.Cors),
            Headers = r.Object("headers", HttpActionBinder.Headers),
        };
        Rules(r, route, weights);

        // Every alternative was left out because of a condition we do not honour: without this the route would match everything.
        bool matchesNothing = route.Match.Count == 0 && r.Node["match"] is { Kind: NodeKind.Sequence, Items.Count: > 0 };
        return matchesNothing ? null : route;
    }

    internal static HttpRouteDestination RouteDestination(FieldReader r, List<int?> weights)
    {
        var destination = new HttpRouteDestination
        {
            Destination = r.Object("destination", VirtualServiceBinder.Destination) ?? new Destination(),
            Weight = r.Int32("weight", 0),
            Headers = r.Object("headers", HttpActionBinder.Headers),
        };
        weights.Add(destination.Weight);
        if (!r.Has("destination"))
        {
            r.Missing("destination");
        }

        return destination;
    }

    private static HttpMirrorPolicy Mirror(FieldReader r)
    {
        if (!r.Has("destination"))
        {
            r.Missing("destination");
        }

        return new HttpMirrorPolicy
        {
            Destination = r.Object("destination", VirtualServiceBinder.Destination) ?? new Destination(),
            Percentage = r.Object("percentage", HttpFaultBinder.Percent)?.Value,
        };
    }

    private static void Rules(FieldReader r, HttpRoute route, List<int?> weights)
    {
        // A host-less VirtualService is a delegate; both forms need exactly one thing to do.
        string[] actions = [.. new[] { "route", "redirect", "directResponse", "delegate" }.Where(r.Has)];
        if (actions.Length == 0)
        {
            r.Error("A route needs one of route, redirect, directResponse and delegate.", DiagnosticCodes.Required);
        }
        else if (actions.Length > 1)
        {
            r.FieldError(actions[1], $"{actions[0]} and {actions[1]} exclude each other in one route; keep one.");
        }

        if (r.Has("redirect") && r.Has("rewrite"))
        {
            r.FieldError("rewrite", "A redirect cannot have a rewrite; put the new address into the redirect.");
        }

        VirtualServiceBinder.Weights(r, "route", weights);
        MirrorRules(r);
        AuthorityRules(r);
        PrefixRewriteRules(r);
        ShadowedMatches(r);
    }

    private static void MirrorRules(FieldReader r)
    {
        if (r.Has("mirror") && r.Has("mirrors"))
        {
            r.FieldError("mirrors", "mirror and mirrors exclude each other; put all into mirrors.");
        }

        foreach (string name in (ReadOnlySpan<string>)["mirrorPercent", "mirror_percent"])
        {
            if (r.Has(name))
            {
                r.FieldWarning(name, "mirrorPercent is deprecated; use mirrorPercentage.", DiagnosticCodes.Deprecated);
            }
        }
    }

    private static void AuthorityRules(FieldReader r)
    {
        bool setsInHeaders = SetsAuthority(r.Node["headers"]) || (r.Node["route"]?.Items.Any(d => SetsAuthority(d["headers"])) ?? false);
        if (setsInHeaders && r.Node["rewrite"]?["authority"] is not null)
        {
            r.FieldError("rewrite", "authority is set twice, by rewrite.authority and by a header; keep one.");
        }
    }

    private static bool SetsAuthority(ResourceNode? headers) =>
        headers?["request"]?["set"]?.Entries.Any(e => e.Name.ToLowerInvariant() is "host" or ":authority") ?? false;

    private static void PrefixRewriteRules(FieldReader r)
    {
        if (r.Node["redirect"]?["prefixRewrite"] is not { } prefix || prefix.Text.Length == 0)
        {
            return;
        }

        foreach (ResourceNode match in r.Node["match"]?.Items ?? [])
        {
            if (match["uri"] is { } uri && (uri["exact"] is not null || uri["regex"] is not null))
            {
                r.FieldError("redirect", "prefixRewrite needs a match by uri prefix; an exact or regex match has no prefix to replace.");
            }
        }
    }

    /// <summary>An alternative that an earlier one of the same route takes already: Istio warns, and so do we.</summary>
    private static void ShadowedMatches(FieldReader r)
    {
        ResourceNode[] matches = [.. r.Node["match"]?.Items ?? []];
        for (int i = 0; i < matches.Length; i++)
        {
            if (!IsPrefixOnly(matches[i], out string prefix) || prefix == "/")
            {
                continue;
            }

            for (int j = i + 1; j < matches.Length; j++)
            {
                string? later = matches[j]["uri"]?["prefix"]?.Text ?? matches[j]["uri"]?["exact"]?.Text;
                if (later?.StartsWith(prefix, StringComparison.Ordinal) == true)
                {
                    r.FieldWarning("match", $"match[{j}] is never used: match[{i}] (prefix {prefix}) already takes all it could.");
                }
            }
        }
    }

    private static bool IsPrefixOnly(ResourceNode match, out string prefix)
    {
        prefix = match["uri"]?["prefix"]?.Text ?? "";
        return prefix.Length > 0 && match.Entries.All(e => e.Name is "uri" or "name" or "statPrefix");
    }
}
