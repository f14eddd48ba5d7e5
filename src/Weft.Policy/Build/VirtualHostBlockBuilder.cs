using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Regex;

namespace Weft.Policy.Build;

/// <summary>Compiles a <see cref="VirtualHostConfig"/>.</summary>
public static class VirtualHostBlockBuilder
{
    /// <summary>The block of a virtual host that is a resource of its own (VHDS), or null with at least one problem added.</summary>
    /// <param name="config">The virtual host.</param>
    /// <param name="resourceName"><c>ROUTE CONFIG/VIRTUAL HOST</c>.</param>
    /// <param name="problems">Receives every problem found.</param>
    public static BlockImage? Build(VirtualHostConfig config, string resourceName, ConfigProblems problems) => Build(config, resourceName, problems, "");

    internal static BlockImage? Build(VirtualHostConfig config, string resourceName, ConfigProblems problems, string path)
    {
        int before = problems.Items.Count;
        if (config.Name.Length == 0)
            problems.Add(path + "name", "must not be empty");
        if (config.Domains.Count == 0)
            problems.Add(path + "domains", "a virtual host needs at least one domain");
        for (int i = 0; i < config.Domains.Count; i++)
            CheckDomain(config.Domains[i], $"{path}domains[{i}]", problems);

        var writer = new BlockWriter(BlockKind.VirtualHost);
        for (int i = 0; i < config.Routes.Count; i++)
            AddRoute(writer, config.Routes[i], $"{path}routes[{i}]", problems);
        var root = new VirtualHostRecord
        {
            Name = writer.Text(config.Name),
            Domains = writer.Texts(config.Domains.ConvertAll(MatcherWriter.AsciiLower)),
            Routes = new Run(0, config.Routes.Count),
            RequireTls = config.RequireTls,
            IncludeRequestAttemptCount = config.IncludeRequestAttemptCount ? 1 : 0,
            IncludeAttemptCountInResponse = config.IncludeAttemptCountInResponse ? 1 : 0,
            RetryPolicy = config.RetryPolicy is null ? -1 : AddRetryPolicy(writer, config.RetryPolicy, path + "retry_policy", problems),
            RequestOps = HeaderOpsWriter.AddRequest(writer, config.Headers, path, problems),
            ResponseOps = HeaderOpsWriter.AddResponse(writer, config.Headers, path, problems),
            Origins = writer.Origins(config.Origins),
        };
        return problems.Items.Count > before ? null : writer.Finish(resourceName, in root);
    }

    private static void CheckDomain(string domain, string path, ConfigProblems problems)
    {
        int star = domain.IndexOf('*', StringComparison.Ordinal);
        bool isFine = domain.Length > 0 && (star < 0 || domain.IndexOf('*', star + 1) < 0 && (star == 0 || star == domain.Length - 1));
        if (!isFine)
            problems.Add(path, $"'{domain}': one wildcard is allowed, at the start or at the end");
    }

    private static void AddRoute(BlockWriter writer, RouteConfig route, string path, ConfigProblems problems)
    {
        string matchPath = path + ".match";
        CheckPath(route, matchPath, problems);
        bool isRegex = route.PathKind == PathMatchKind.SafeRegex;
        var record = new RouteRecord
        {
            Name = writer.Text(route.Name),
            Path = writer.Text(isRegex || route.CaseSensitive ? route.Path : MatcherWriter.AsciiLower(route.Path)),
            PathRegex = isRegex ? MatcherWriter.Regex(writer, route.Path, matchPath + ".safe_regex.regex", problems) : default,
            PathKind = route.PathKind,
            CaseSensitive = route.CaseSensitive ? 1 : 0,
            HeaderMatchers = MatcherWriter.AddHeaders(writer, route.Headers, matchPath + ".headers", problems),
            QueryMatchers = MatcherWriter.AddQuery(writer, route.QueryParameters, matchPath + ".query_parameters", problems),
            RequestOps = HeaderOpsWriter.AddRequest(writer, route.HeaderOps, path + ".", problems),
            ResponseOps = HeaderOpsWriter.AddResponse(writer, route.HeaderOps, path + ".", problems),
            Operation = writer.Text(route.Operation),
            Origins = writer.Origins(route.Origins),
        };
        int actions = (route.Forward is null ? 0 : 1) + (route.Redirect is null ? 0 : 1) + (route.DirectResponse is null ? 0 : 1);
        if (actions != 1)
            problems.Add(path, "needs exactly one of route, redirect and direct_response");
        else if (route.Forward is not null)
            (record.Action, record.ActionIndex) = (RouteActionKind.Route, AddForward(writer, route.Forward, path + ".route", problems));
        else if (route.Redirect is not null)
            (record.Action, record.ActionIndex) = (RouteActionKind.Redirect, AddRedirect(writer, route.Redirect, path + ".redirect", problems));
        else
            (record.Action, record.ActionIndex) = (RouteActionKind.DirectResponse, AddDirectResponse(writer, route.DirectResponse!, path + ".direct_response", problems));
        writer.Add(BlockSection.Routes, in record);
    }

    private static void CheckPath(RouteConfig route, string path, ConfigProblems problems)
    {
        switch (route.PathKind)
        {
            case PathMatchKind.Prefix when route.Path.Length > 0 && route.Path[0] != '/':
                problems.Add(path + ".prefix", $"'{route.Path}' does not start with '/' and would never match");
                break;
            case PathMatchKind.Path when route.Path.Length == 0:
                problems.Add(path + ".path", "must not be empty");
                break;
            case PathMatchKind.PathSeparatedPrefix when route.Path.Length < 2 || route.Path[0] != '/' || route.Path[^1] == '/' || route.Path.AsSpan().ContainsAny('?', '#'):
                problems.Add(path + ".path_separated_prefix", $"'{route.Path}' must start with '/' and end without, and hold no '?' or '#'");
                break;
            default:
                break;
        }
    }

    private static int AddForward(BlockWriter writer, RouteActionConfig action, string path, ConfigProblems problems)
    {
        if (action.Cluster.Length == 0 == (action.WeightedClusters.Count == 0))
            problems.Add(path, "needs exactly one of cluster and weighted_clusters");
        if (action.PrefixRewrite.Length > 0 && action.RegexRewrite is not null)
            problems.Add(path + ".regex_rewrite", "not together with prefix_rewrite");
        CheckHeaderText(action.PrefixRewrite, path + ".prefix_rewrite", problems);
        CheckHeaderText(action.HostRewriteLiteral, path + ".host_rewrite_literal", problems);
        Run weighted = WeightedClusterWriter.Add(writer, action.WeightedClusters, path + ".weighted_clusters", problems, out ulong total);
        return writer.Add(BlockSection.RouteActions, new RouteActionRecord
        {
            Cluster = writer.Name(action.Cluster),
            WeightedClusters = weighted,
            TotalWeight = total,
            Timeout = action.Timeout,
            IdleTimeout = action.IdleTimeout,
            MaxStreamDuration = action.MaxStreamDuration,
            GrpcTimeoutHeaderMax = action.GrpcTimeoutHeaderMax,
            RetryPolicy = action.RetryPolicy is null ? -1 : AddRetryPolicy(writer, action.RetryPolicy, path + ".retry_policy", problems),
            ClusterNotFoundStatus = action.ClusterNotFoundStatus,
            PrefixRewrite = writer.Text(action.PrefixRewrite),
            RegexRewrite = AddRewrite(writer, action.RegexRewrite, path + ".regex_rewrite", problems),
            RegexRewritePattern = writer.Text(action.RegexRewrite?.Pattern),
            RegexRewriteSubstitution = writer.Text(action.RegexRewrite?.Substitution),
            HostRewriteLiteral = writer.Text(action.HostRewriteLiteral),
            AutoHostRewrite = action.AutoHostRewrite ? 1 : 0,
            AppendXForwardedHost = action.AppendXForwardedHost ? 1 : 0,
        });
    }

    private static Embedded AddRewrite(BlockWriter writer, RegexRewriteConfig? rewrite, string path, ConfigProblems problems)
    {
        if (rewrite is null)
            return default;
        CheckHeaderText(rewrite.Substitution, path + ".substitution", problems);
        if (RegexCompiler.TryCompileRewrite(rewrite.Pattern, rewrite.Substitution, out byte[] image, out string error))
            return writer.Embed(image);
        problems.Add(path + ".pattern.regex", error);
        return default;
    }

    private static int AddRetryPolicy(BlockWriter writer, RetryPolicyConfig policy, string path, ConfigProblems problems)
    {
        if (policy.BackOffMax.IsLimit && policy.BackOffBase.Ticks > policy.BackOffMax.Ticks)
            problems.Add(path + ".retry_back_off.max_interval", "must not be below base_interval");
        for (int i = 0; i < policy.RetriableStatusCodes.Count; i++)
        {
            if (policy.RetriableStatusCodes[i] is < 100 or > 599)
                problems.Add($"{path}.retriable_status_codes[{i}]", "must be a status code");
        }

        return writer.Add(BlockSection.RetryPolicies, new RetryPolicyRecord
        {
            RetryOn = policy.RetryOn,
            NumRetries = policy.NumRetries,
            PerTryTimeout = policy.PerTryTimeout,
            PerTryIdleTimeout = policy.PerTryIdleTimeout,
            BackOffBase = policy.BackOffBase,
            BackOffMax = policy.BackOffMax,
            RetriableStatusCodes = writer.Numbers(policy.RetriableStatusCodes),
            ExcludePreviousHosts = policy.ExcludePreviousHosts ? 1 : 0,
            HostSelectionMaxAttempts = policy.HostSelectionMaxAttempts,
        });
    }

    private static int AddRedirect(BlockWriter writer, RedirectConfig redirect, string path, ConfigProblems problems)
    {
        if (redirect.ResponseCode is not (301 or 302 or 303 or 307 or 308))
            problems.Add(path + ".response_code", "must be 301, 302, 303, 307 or 308");
        int rewrites = (redirect.PathRedirect.Length > 0 ? 1 : 0) + (redirect.PrefixRewrite.Length > 0 ? 1 : 0) + (redirect.RegexRewrite is null ? 0 : 1);
        if (rewrites > 1)
            problems.Add(path, "at most one of path_redirect, prefix_rewrite and regex_rewrite");
        foreach ((string value, string field) in new[]
        {
            (redirect.SchemeRedirect, ".scheme_redirect"), (redirect.HostRedirect, ".host_redirect"),
            (redirect.PathRedirect, ".path_redirect"), (redirect.PrefixRewrite, ".prefix_rewrite"),
        })
        {
            CheckHeaderText(value, path + field, problems);
        }

        return writer.Add(BlockSection.Redirects, new RedirectRecord
        {
            Scheme = writer.Text(redirect.SchemeRedirect),
            Host = writer.Text(redirect.HostRedirect),
            Path = writer.Text(redirect.PathRedirect),
            PrefixRewrite = writer.Text(redirect.PrefixRewrite),
            RegexRewrite = AddRewrite(writer, redirect.RegexRewrite, path + ".regex_rewrite", problems),
            RegexRewritePattern = writer.Text(redirect.RegexRewrite?.Pattern),
            RegexRewriteSubstitution = writer.Text(redirect.RegexRewrite?.Substitution),
            Port = redirect.PortRedirect,
            ResponseCode = redirect.ResponseCode,
            StripQuery = redirect.StripQuery ? 1 : 0,
            HttpsRedirect = redirect.HttpsRedirect ? 1 : 0,
        });
    }

    private static int AddDirectResponse(BlockWriter writer, DirectResponseConfig response, string path, ConfigProblems problems)
    {
        if (response.Status is < 200 or > 599)
            problems.Add(path + ".status", "must be from 200 to 599");
        return writer.Add(BlockSection.DirectResponses, new DirectResponseRecord { Status = response.Status, Body = writer.Bytes(response.Body.Span) });
    }

    /// <summary>These end up in a request line or a header: a line break in them would be response splitting by configuration.</summary>
    private static void CheckHeaderText(string value, string path, ConfigProblems problems)
    {
        foreach (char c in value)
        {
            if (c is '\r' or '\n' or '\0')
            {
                problems.Add(path, "must not hold CR, LF or NUL");
                return;
            }
        }
    }
}
