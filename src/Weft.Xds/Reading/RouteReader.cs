using System;
using System.Collections.Generic;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Action = Weft.Xds.Proto.Config.Route.V3.RouteAction;
using Cluster = Weft.Xds.Proto.Config.Route.V3.WeightedCluster.Types.ClusterWeight;
using Direct = Weft.Xds.Proto.Config.Route.V3.DirectResponseAction;
using Match = Weft.Xds.Proto.Config.Route.V3.RouteMatch;
using Redirect = Weft.Xds.Proto.Config.Route.V3.RedirectAction;
using Rule = Weft.Xds.Proto.Config.Route.V3.Route;

namespace Weft.Xds.Reading;

/// <summary>Route: what it matches and what it does.</summary>
internal static class RouteReader
{
    public static RouteConfig Route(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var route = new RouteConfig();
        var hasMatch = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Rule.NameFieldNumber: route.Name = field.Text; break;
                case Rule.MatchFieldNumber:
                    hasMatch = true;
                    using (report.At("match")) ReadMatch(field.Bytes, route, report);
                    break;
                case Rule.Route_FieldNumber:
                    using (report.At("route")) route.Forward = RouteActionReader(field.Bytes, report);
                    break;
                case Rule.RedirectFieldNumber:
                    using (report.At("redirect")) route.Redirect = RedirectAction(field.Bytes, report);
                    break;
                case Rule.DirectResponseFieldNumber:
                    using (report.At("direct_response")) route.DirectResponse = DirectResponse(field.Bytes, report);
                    break;
                case Rule.MetadataFieldNumber: MetadataReader.Origins(field.Bytes, route.Origins); break;
                case Rule.DecoratorFieldNumber: route.Operation = Decorator(field.Bytes); break;
                case Rule.RequestHeadersToAddFieldNumber:
                    using (report.At("request_headers_to_add", route.HeaderOps.RequestAdd.Count)) route.HeaderOps.RequestAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Rule.ResponseHeadersToAddFieldNumber:
                    using (report.At("response_headers_to_add", route.HeaderOps.ResponseAdd.Count)) route.HeaderOps.ResponseAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Rule.RequestHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "request_headers_to_remove", route.HeaderOps.RequestRemove, report); break;
                case Rule.ResponseHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "response_headers_to_remove", route.HeaderOps.ResponseRemove, report); break;
            }
        }

        if (!hasMatch) report.Add("match", "is required");
        var actions = (route.Forward is null ? 0 : 1) + (route.Redirect is null ? 0 : 1) + (route.DirectResponse is null ? 0 : 1);
        if (actions != 1) report.Add("", "needs exactly one of route, redirect and direct_response");
        return route;
    }

    private static void ReadMatch(ReadOnlySpan<byte> bytes, RouteConfig route, WalkReport report)
    {
        var hasPath = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Match.PrefixFieldNumber: (route.PathKind, route.Path, hasPath) = (PathMatchKind.Prefix, field.Text, true); break;
                case Match.PathFieldNumber: (route.PathKind, route.Path, hasPath) = (PathMatchKind.Path, field.Text, true); break;
                case Match.PathSeparatedPrefixFieldNumber: (route.PathKind, route.Path, hasPath) = (PathMatchKind.PathSeparatedPrefix, field.Text, true); break;
                case Match.SafeRegexFieldNumber:
                    (route.PathKind, route.Path, hasPath) = (PathMatchKind.SafeRegex, MatcherReader.Regex(field.Bytes, "safe_regex", report), true);
                    break;
                case Match.CaseSensitiveFieldNumber: route.CaseSensitive = CommonReader.WrappedBool(field); break;
                case Match.HeadersFieldNumber:
                    using (report.At("headers", route.Headers.Count)) route.Headers.Add(MatcherReader.HeaderMatcher(field.Bytes, report));
                    break;
                case Match.QueryParametersFieldNumber:
                    using (report.At("query_parameters", route.QueryParameters.Count)) route.QueryParameters.Add(MatcherReader.QueryMatcher(field.Bytes, report));
                    break;
            }
        }

        if (!hasPath) report.Add("", "needs prefix, path, safe_regex or path_separated_prefix");
        if (route.PathKind == PathMatchKind.PathSeparatedPrefix && (route.Path.Length == 0 || route.Path[^1] == '/' || route.Path.AsSpan().IndexOfAny('?', '#') >= 0))
        {
            report.Add("path_separated_prefix", "must not be empty, end in / or contain ? or #");
        }
    }

    private static RouteActionConfig RouteActionReader(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var action = new RouteActionConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Action.ClusterFieldNumber: action.Cluster = field.Text; break;
                case Action.WeightedClustersFieldNumber:
                    using (report.At("weighted_clusters")) WeightedClusters(field.Bytes, action.WeightedClusters, report);
                    break;
                case Action.ClusterNotFoundResponseCodeFieldNumber: action.ClusterNotFoundStatus = ClusterNotFound(field, report); break;
                case Action.TimeoutFieldNumber: action.Timeout = CommonReader.Duration(field, "timeout", report); break;
                case Action.IdleTimeoutFieldNumber: action.IdleTimeout = CommonReader.Duration(field, "idle_timeout", report); break;
                // max_grpc_timeout, the deprecated name of max_stream_duration.grpc_timeout_header_max.
                case 23: action.GrpcTimeoutHeaderMax = CommonReader.Duration(field, "max_grpc_timeout", report); break;
                case Action.MaxStreamDurationFieldNumber:
                    using (report.At("max_stream_duration")) MaxStreamDuration(field.Bytes, action, report);
                    break;
                case Action.RetryPolicyFieldNumber:
                    using (report.At("retry_policy")) action.RetryPolicy = RetryPolicyReader.RetryPolicy(field.Bytes, report);
                    break;
                case Action.PrefixRewriteFieldNumber: action.PrefixRewrite = field.Text; break;
                case Action.RegexRewriteFieldNumber:
                    using (report.At("regex_rewrite")) action.RegexRewrite = MatcherReader.RegexRewrite(field.Bytes, report);
                    break;
                case Action.HostRewriteLiteralFieldNumber: action.HostRewriteLiteral = field.Text; break;
                case Action.AutoHostRewriteFieldNumber: action.AutoHostRewrite = CommonReader.WrappedBool(field); break;
                case Action.AppendXForwardedHostFieldNumber: action.AppendXForwardedHost = field.Bool; break;
            }
        }

        if (action.Cluster.Length == 0 && action.WeightedClusters.Count == 0) report.Add("cluster", "must not be empty");
        if (action.PrefixRewrite.Length > 0 && action.RegexRewrite is not null) report.Add("regex_rewrite", "cannot be combined with prefix_rewrite");
        return action;
    }

    /// <summary>SERVICE_UNAVAILABLE=0, NOT_FOUND=1, INTERNAL_SERVER_ERROR=2.</summary>
    private static int ClusterNotFound(in WireField field, WalkReport report) =>
        CommonReader.Enum(field, "cluster_not_found_response_code", 2, report) switch { 1 => 404, 2 => 500, _ => 503 };

    private static void MaxStreamDuration(ReadOnlySpan<byte> bytes, RouteActionConfig action, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) action.MaxStreamDuration = CommonReader.Duration(field, "max_stream_duration", report);
            else if (field.Number == 2) action.GrpcTimeoutHeaderMax = CommonReader.Duration(field, "grpc_timeout_header_max", report);
        }
    }

    private static void WeightedClusters(ReadOnlySpan<byte> bytes, List<WeightedClusterConfig> into, WalkReport report)
    {
        ulong sum = 0;
        uint? total = null;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1:
                    using (report.At("clusters", into.Count)) into.Add(WeightedCluster(field.Bytes, report));
                    sum += into[^1].Weight;
                    break;
                // total_weight, deprecated: must be what the sum is.
                case 3: total = CommonReader.Wrapped(field); break;
            }
        }

        if (into.Count == 0) report.Add("clusters", "needs at least one");
        else if (sum is 0 or > uint.MaxValue) report.Add("clusters", "the weights must sum up to 1 to 4294967295");
        if (total is { } given && given != sum) report.Add("total_weight", $"is {given} but the weights sum up to {sum}");
    }

    private static WeightedClusterConfig WeightedCluster(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var cluster = new WeightedClusterConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Cluster.NameFieldNumber: cluster.Cluster = field.Text; break;
                case Cluster.WeightFieldNumber: cluster.Weight = CommonReader.Wrapped(field); break;
                case Cluster.HostRewriteLiteralFieldNumber: cluster.HostRewriteLiteral = field.Text; break;
                case Cluster.RequestHeadersToAddFieldNumber:
                    using (report.At("request_headers_to_add", cluster.Headers.RequestAdd.Count)) cluster.Headers.RequestAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Cluster.ResponseHeadersToAddFieldNumber:
                    using (report.At("response_headers_to_add", cluster.Headers.ResponseAdd.Count)) cluster.Headers.ResponseAdd.Add(HeaderOpsReader.Add(field.Bytes, report));
                    break;
                case Cluster.RequestHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "request_headers_to_remove", cluster.Headers.RequestRemove, report); break;
                case Cluster.ResponseHeadersToRemoveFieldNumber: HeaderOpsReader.Remove(field, "response_headers_to_remove", cluster.Headers.ResponseRemove, report); break;
            }
        }

        if (cluster.Cluster.Length == 0) report.Add("name", "must not be empty");
        return cluster;
    }

    private static RedirectConfig RedirectAction(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var redirect = new RedirectConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Redirect.HttpsRedirectFieldNumber: redirect.HttpsRedirect = field.Bool; break;
                case Redirect.SchemeRedirectFieldNumber: redirect.SchemeRedirect = field.Text; break;
                case Redirect.HostRedirectFieldNumber: redirect.HostRedirect = field.Text; break;
                case Redirect.PortRedirectFieldNumber: redirect.PortRedirect = (int)Math.Min(field.UInt32, 65536); break;
                case Redirect.PathRedirectFieldNumber: redirect.PathRedirect = field.Text; break;
                case Redirect.PrefixRewriteFieldNumber: redirect.PrefixRewrite = field.Text; break;
                case Redirect.RegexRewriteFieldNumber:
                    using (report.At("regex_rewrite")) redirect.RegexRewrite = MatcherReader.RegexRewrite(field.Bytes, report);
                    break;
                case Redirect.ResponseCodeFieldNumber: redirect.ResponseCode = RedirectCode(field, report); break;
                case Redirect.StripQueryFieldNumber: redirect.StripQuery = field.Bool; break;
            }
        }

        if (redirect.PortRedirect > 65535) report.Add("port_redirect", "must be at most 65535");
        return redirect;
    }

    /// <summary>MOVED_PERMANENTLY=0, FOUND=1, SEE_OTHER=2, TEMPORARY_REDIRECT=3, PERMANENT_REDIRECT=4.</summary>
    private static int RedirectCode(in WireField field, WalkReport report) =>
        CommonReader.Enum(field, "response_code", 4, report) switch { 1 => 302, 2 => 303, 3 => 307, 4 => 308, _ => 301 };

    private static DirectResponseConfig DirectResponse(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var response = new DirectResponseConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == Direct.StatusFieldNumber) response.Status = (int)Math.Min(field.UInt32, 1000);
            else if (field.Number == Direct.BodyFieldNumber) response.Body = CommonReader.InlineData(field);
        }

        if (response.Status is < 200 or > 599) report.Add("status", "must be between 200 and 599");
        return response;
    }

    private static string Decorator(ReadOnlySpan<byte> bytes)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) return field.Text;
        }

        return "";
    }
}
