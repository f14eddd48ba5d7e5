using System.Collections.Generic;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Xds;

/// <summary>Which resources a resource names.</summary>
internal static class References
{
    public static void Of(ListenerConfig listener, List<ResourceReference> into)
    {
        for (var i = 0; i < listener.FilterChains.Count; i++) Of(listener.FilterChains[i], $"filter_chains[{i}]", into);
        if (listener.DefaultFilterChain is { } fallback) Of(fallback, "default_filter_chain", into);
    }

    public static void Of(RouteTableConfig table, List<ResourceReference> into) => Of(table, "", into);

    public static void Of(VirtualHostConfig host, string path, List<ResourceReference> into)
    {
        for (var i = 0; i < host.Routes.Count; i++)
        {
            if (host.Routes[i].Forward is not { } action) continue;
            var here = $"{path}routes[{i}].route";
            if (action.Cluster.Length > 0) into.Add(new(BlockKind.Cluster, action.Cluster, $"{here}.cluster"));
            Of(action.WeightedClusters, here, into);
        }
    }

    public static void Of(ClusterConfig cluster, List<ResourceReference> into)
    {
        if (cluster.Type == ClusterType.Eds)
        {
            into.Add(new(BlockKind.EndpointSet, cluster.EdsServiceName.Length > 0 ? cluster.EdsServiceName : cluster.Name, "eds_cluster_config"));
        }

        for (var i = 0; i < cluster.TransportSockets.Count; i++)
        {
            if (cluster.TransportSockets[i].Tls is { ValidationSecretName.Length: > 0 } tls)
            {
                into.Add(new(BlockKind.Secret, tls.ValidationSecretName, $"transport_socket_matches[{i}]"));
            }
        }
    }

    private static void Of(RouteTableConfig table, string path, List<ResourceReference> into)
    {
        for (var i = 0; i < table.VirtualHosts.Count; i++) Of(table.VirtualHosts[i], $"{path}virtual_hosts[{i}].", into);
    }

    private static void Of(FilterChainConfig chain, string path, List<ResourceReference> into)
    {
        if (chain.Tls is { ValidationSecretName.Length: > 0 } tls) into.Add(new(BlockKind.Secret, tls.ValidationSecretName, $"{path}.transport_socket"));
        var filter = $"{path}.filters[{chain.TerminalFilterIndex}].typed_config";
        if (chain.Http is { } http)
        {
            if (http.RouteConfigName.Length > 0) into.Add(new(BlockKind.RouteTable, http.RouteConfigName, $"{filter}.rds"));
            if (http.InlineRoutes is { } routes) Of(routes, $"{filter}.route_config.", into);
        }

        if (chain.Tcp is not { } tcp) return;
        if (tcp.Cluster.Length > 0) into.Add(new(BlockKind.Cluster, tcp.Cluster, $"{filter}.cluster"));
        Of(tcp.WeightedClusters, filter, into);
    }

    private static void Of(List<WeightedClusterConfig> clusters, string path, List<ResourceReference> into)
    {
        for (var i = 0; i < clusters.Count; i++) into.Add(new(BlockKind.Cluster, clusters[i].Cluster, $"{path}.weighted_clusters.clusters[{i}]"));
    }
}
