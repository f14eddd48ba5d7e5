using System;
using Weft.Policy.Blocks;
using Weft.Policy.Regex;

namespace Weft.Policy.Decide;

/// <summary>prefix_rewrite and regex_rewrite of a route (xds.md C.2). The query is not part of it and stays.</summary>
public static class PathRewrite
{
    /// <summary>Writes the path to forward.</summary>
    /// <param name="virtualHost">Where the route lies.</param>
    /// <param name="routeIndex">A route that forwards.</param>
    /// <param name="path">Canonical, without the query.</param>
    /// <param name="scratch">The loop's.</param>
    /// <param name="destination">Receives the new path.</param>
    /// <param name="written">Its length.</param>
    public static RewriteResult Apply(
        VirtualHostView virtualHost, int routeIndex, ReadOnlySpan<byte> path, RegexScratch scratch, Span<byte> destination, out int written)
    {
        written = 0;
        ref readonly RouteRecord route = ref virtualHost.Route(routeIndex);
        ref readonly RouteActionRecord action = ref virtualHost.Action(route);
        if (!action.PrefixRewrite.IsEmpty)
            return ReplacePrefix(virtualHost, route, virtualHost.Block.Utf8(action.PrefixRewrite), path, destination, out written);
        return action.RegexRewrite.IsEmpty
            ? RewriteResult.Unchanged
            : Replace(virtualHost.Block.Embedded(action.RegexRewrite), path, scratch, destination, out written);
    }

    /// <summary>The host to forward: of the weighted cluster, else of the route; empty to keep the request's.</summary>
    public static ReadOnlySpan<byte> Host(VirtualHostView virtualHost, scoped in RequestChoice choice)
    {
        ref readonly RouteActionRecord action = ref virtualHost.Action(virtualHost.Route(choice.RouteIndex));
        if (choice.WeightedIndex >= 0)
        {
            Text own = virtualHost.Block.WeightedClusters(action.WeightedClusters)[choice.WeightedIndex].HostRewriteLiteral;
            if (!own.IsEmpty)
                return virtualHost.Block.Utf8(own);
        }

        return virtualHost.Block.Utf8(action.HostRewriteLiteral);
    }

    internal static RewriteResult ReplacePrefix(
        VirtualHostView virtualHost, in RouteRecord route, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> path, Span<byte> destination, out int written)
    {
        ReadOnlySpan<byte> rest = path[RouteDecision.MatchedLength(virtualHost, route, path.Length)..];
        written = prefix.Length + rest.Length;
        if (written > destination.Length)
        {
            written = 0;
            return RewriteResult.TooLong;
        }

        prefix.CopyTo(destination);
        rest.CopyTo(destination[prefix.Length..]);
        return RewriteResult.Rewritten;
    }

    internal static RewriteResult Replace(
        ReadOnlySpan<byte> program, ReadOnlySpan<byte> path, RegexScratch scratch, Span<byte> destination, out int written)
        => RegexRewriter.TryReplaceAll(program, path, scratch, destination, out written, out bool isChanged)
            ? isChanged ? RewriteResult.Rewritten : RewriteResult.Unchanged
            : RewriteResult.TooLong;
}
