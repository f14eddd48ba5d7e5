using System.Text;
using Weft.Http;
using Weft.Policy.Blocks;
using Weft.Policy.Decide;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;

namespace Weft.Policy.Tests.Support;

/// <summary>A small mesh that several tests start from: one port, a service in two versions.</summary>
internal static class Grid
{
    public const string Table = "8080";

    public static VirtualHostConfig VirtualHost(string name, params RouteConfig[] routes)
    {
        var config = new VirtualHostConfig { Name = name };
        config.Domains.Add(name);
        config.Routes.AddRange(routes);
        return config;
    }

    public static RouteConfig Route(string prefix, string cluster, string name = "")
        => new() { Name = name, Path = prefix, Forward = new RouteActionConfig { Cluster = cluster, Timeout = TimeLimit.Off } };

    public static RouteConfig Split(string prefix, params (string Cluster, uint Weight)[] clusters)
    {
        var action = new RouteActionConfig();
        foreach ((string cluster, uint weight) in clusters)
            action.WeightedClusters.Add(new WeightedClusterConfig { Cluster = cluster, Weight = weight });
        return new RouteConfig { Path = prefix, Forward = action };
    }

    public static ClusterConfig Eds(string name, LoadBalancingPolicy policy = LoadBalancingPolicy.LeastRequest)
        => new() { Name = name, Type = ClusterType.Eds, LoadBalancing = policy };

    public static EndpointSetConfig Endpoints(string name, params string[] addresses)
    {
        var config = new EndpointSetConfig { Name = name };
        foreach (string address in addresses)
            config.Endpoints.Add(Endpoint(address));
        return config;
    }

    public static EndpointConfig Endpoint(string address, EndpointHealth health = EndpointHealth.Healthy, uint weight = 1, uint priority = 0)
        => new() { Address = new IpPort(IpAddress.Parse(address), 8080), Health = health, Weight = weight, Priority = priority };

    /// <summary>A route table with these virtual hosts, each as a resource of its own.</summary>
    public static SnapshotStore WithVhds(params VirtualHostConfig[] hosts)
    {
        var update = new SnapshotUpdate();
        update.Put(Compiled.Of(new RouteTableConfig { Name = Table, UsesVhds = true, IgnorePortInHostMatching = true }));
        foreach (VirtualHostConfig host in hosts)
            update.Put(Compiled.Of(host, Table));
        var store = new SnapshotStore();
        store.Publish(update, "1");
        return store;
    }

    public static RouteTableRef TableRef(MeshSnapshot snapshot)
        => new(snapshot.Find(BlockKind.RouteTable, Encoding.UTF8.GetBytes(Table)).Slot, -1, -1);

    public static RequestView Request(string host, string path = "/", string method = "GET", HeaderBlock headers = default, string query = "")
        => new()
        {
            Method = Encoding.UTF8.GetBytes(method),
            Scheme = "http"u8,
            Authority = Encoding.UTF8.GetBytes(host),
            Path = Encoding.UTF8.GetBytes(path),
            Query = Encoding.UTF8.GetBytes(query),
            Headers = headers,
        };

    public static HeaderBlock Headers(params (string Name, string Value)[] headers)
    {
        var builder = new HeaderBlockBuilder();
        foreach ((string name, string value) in headers)
            builder.Add(name, value);
        return builder.Build();
    }
}
