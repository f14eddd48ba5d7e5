using System;
using Weft.Policy.Blocks;
using Weft.Policy.Model;
using Weft.Policy.Regex;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Finds the first route of a virtual host that matches, in list order (xds.md C.1).</summary>
public static class RouteDecision
{
    /// <summary>No route matches: 404 <c>route_not_found</c>.</summary>
    public const int NoRoute = -1;

    /// <summary>Index of the route, or <see cref="NoRoute"/>.</summary>
    public static int Match<TTrace>(VirtualHostView virtualHost, in RequestView request, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ReadOnlySpan<RouteRecord> routes = virtualHost.Routes;
        for (int i = 0; i < routes.Length; i++)
        {
            bool matches = Matches(virtualHost, routes[i], request);
            if (TTrace.IsRecording)
                Explain(virtualHost, i, matches, request, ref trace);
            if (matches)
                return i;
        }

        if (TTrace.IsRecording)
            trace.Record(new TraceStep(DecisionStage.Route, TraceVerdict.Failed, TraceText.Of(virtualHost.Name), "no route matches", []));
        return NoRoute;
    }

    /// <summary>A route's id for draws: of names, so that it is the same in every proxy and offline.</summary>
    public static ulong DecidingId(VirtualHostView virtualHost, int routeIndex)
    {
        ReadOnlySpan<byte> name = virtualHost.Block.Utf8(virtualHost.Route(routeIndex).Name);
        ulong own = name.IsEmpty ? (ulong)routeIndex : NameHash.Of(name);
        return Draw.Mix(NameHash.Of(virtualHost.Name) + own);
    }

    /// <summary>How many bytes of the path the route's match covers: what a prefix rewrite replaces.</summary>
    public static int MatchedLength(VirtualHostView virtualHost, in RouteRecord route, int pathLength)
        => route.PathKind is PathMatchKind.Prefix or PathMatchKind.PathSeparatedPrefix ? route.Path.Length : pathLength;

    private static bool Matches(VirtualHostView virtualHost, in RouteRecord route, in RequestView request)
        => MatchesPath(virtualHost.Block, route, request.Path)
            && (route.HeaderMatchers.IsEmpty || FirstHeaderMiss(virtualHost, route, request) < 0)
            && (route.QueryMatchers.IsEmpty || FirstQueryMiss(virtualHost, route, request) < 0);

    private static bool MatchesPath(BlockView block, in RouteRecord route, ReadOnlySpan<byte> path)
    {
        if (route.PathKind == PathMatchKind.SafeRegex)
            return RegexDfa.IsMatch(block.Embedded(route.PathRegex), path);
        ReadOnlySpan<byte> wanted = block.Utf8(route.Path);
        if (path.Length < wanted.Length)
            return false;
        ReadOnlySpan<byte> head = path[..wanted.Length];
        if (!(route.CaseSensitive == 1 ? head.SequenceEqual(wanted) : Ascii.EqualsLower(head, wanted)))
            return false;
        return route.PathKind switch
        {
            PathMatchKind.Path => path.Length == wanted.Length,
            PathMatchKind.PathSeparatedPrefix => path.Length == wanted.Length || path[wanted.Length] == (byte)'/',
            _ => true,
        };
    }

    private static int FirstHeaderMiss(VirtualHostView virtualHost, in RouteRecord route, in RequestView request)
    {
        ReadOnlySpan<HeaderMatcherRecord> matchers = virtualHost.HeaderMatchers(route.HeaderMatchers);
        for (int i = 0; i < matchers.Length; i++)
        {
            if (!HeaderMatch.Matches(virtualHost.Block, matchers[i], request))
                return i;
        }

        return -1;
    }

    private static int FirstQueryMiss(VirtualHostView virtualHost, in RouteRecord route, in RequestView request)
    {
        ReadOnlySpan<QueryMatcherRecord> matchers = virtualHost.QueryMatchers(route.QueryMatchers);
        for (int i = 0; i < matchers.Length; i++)
        {
            if (!QueryMatch.Matches(virtualHost.Block, matchers[i], request))
                return i;
        }

        return -1;
    }

    private static void Explain<TTrace>(VirtualHostView virtualHost, int index, bool matches, in RequestView request, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        BlockView block = virtualHost.Block;
        ref readonly RouteRecord route = ref virtualHost.Route(index);
        string subject = $"route {index}" + (route.Name.IsEmpty ? "" : $" '{block.String(route.Name)}'");
        string detail = matches ? DescribePath(block, route) : DescribeMiss(virtualHost, route, request);
        trace.Record(new TraceStep(
            DecisionStage.Route, matches ? TraceVerdict.Taken : TraceVerdict.NotTaken, subject, detail, block.Origins(route.Origins)));
    }

    private static string DescribeMiss(VirtualHostView virtualHost, in RouteRecord route, in RequestView request)
    {
        BlockView block = virtualHost.Block;
        if (!MatchesPath(block, route, request.Path))
            return $"path is {TraceText.Quoted(request.Path)}, wanted {DescribePath(block, route)}";
        int header = FirstHeaderMiss(virtualHost, route, request);
        if (header >= 0)
            return HeaderMatch.DescribeMiss(block, virtualHost.HeaderMatchers(route.HeaderMatchers)[header], request);
        return QueryMatch.DescribeMiss(block, virtualHost.QueryMatchers(route.QueryMatchers)[FirstQueryMiss(virtualHost, route, request)], request);
    }

    private static string DescribePath(BlockView block, in RouteRecord route)
    {
        string kind = route.PathKind switch
        {
            PathMatchKind.Prefix => "prefix",
            PathMatchKind.Path => "path",
            PathMatchKind.PathSeparatedPrefix => "path-separated prefix",
            _ => "regex",
        };
        return $"{kind} '{block.String(route.Path)}'" + (route.CaseSensitive == 1 ? "" : " ignoring case");
    }
}
