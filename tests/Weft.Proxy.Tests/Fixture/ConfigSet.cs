using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Policy;
using Weft.Policy.Build;
using Weft.Policy.Model;
using Weft.Policy.Snapshot;

namespace Weft.Proxy.Tests.Fixture;

/// <summary>A configuration for a test, in the words of the model, compiled by the builders that discovery uses. A resource that does not compile fails the test.</summary>
internal sealed class ConfigSet
{
    public List<ListenerConfig> Listeners { get; } = [];
    public List<RouteTableConfig> RouteTables { get; } = [];
    public List<ClusterConfig> Clusters { get; } = [];
    public List<EndpointSetConfig> EndpointSets { get; } = [];
    public List<WorkloadConfig> Workloads { get; } = [];
    public List<NameTableConfig> NameTables { get; } = [];

    public SnapshotUpdate Build()
    {
        var problems = new ConfigProblems();
        var update = new SnapshotUpdate();
        foreach (var item in Listeners) update.Put(Checked(ListenerBlockBuilder.Build(item, problems), problems));
        foreach (var item in RouteTables) update.Put(Checked(RouteTableBlockBuilder.Build(item, problems), problems));
        foreach (var item in Clusters) update.Put(Checked(ClusterBlockBuilder.Build(item, problems), problems));
        foreach (var item in EndpointSets) update.Put(Checked(EndpointSetBlockBuilder.Build(item, problems), problems));
        foreach (var item in Workloads) update.Put(Checked(WorkloadBlockBuilder.Build(item, problems), problems));
        foreach (var item in NameTables) update.Put(Checked(NameTableBlockBuilder.Build(item, problems), problems));
        return update;
    }

    /// <summary>A gateway listener on a port, all of whose requests go by route table <paramref name="routes"/>.</summary>
    public HttpConnectionManagerConfig AddGateway(int port, string routes)
    {
        var http = new HttpConnectionManagerConfig { StatPrefix = routes, RouteConfigName = routes, AcceptHttp10 = true, Proxy100Continue = true, UseRemoteAddress = true };
        var listener = new ListenerConfig { Name = $"127.0.0.1_{port}", Address = new IpPort(IpAddress.LoopbackV4, port), Direction = TrafficDirection.Outbound };
        listener.FilterChains.Add(new FilterChainConfig { Name = "http", Http = http });
        Listeners.Add(listener);
        return http;
    }

    /// <summary>A gateway listener that passes bytes to a cluster.</summary>
    public TcpProxyConfig AddTcpGateway(int port, string cluster)
    {
        var tcp = new TcpProxyConfig { StatPrefix = "tcp", Cluster = cluster };
        var listener = new ListenerConfig { Name = $"127.0.0.1_{port}", Address = new IpPort(IpAddress.LoopbackV4, port), Direction = TrafficDirection.Outbound };
        listener.FilterChains.Add(new FilterChainConfig { Name = "tcp", Tcp = tcp });
        Listeners.Add(listener);
        return tcp;
    }

    /// <summary>A route table with one virtual host for every name and one route for every path.</summary>
    public RouteActionConfig AddRoutes(string name, string cluster)
    {
        var action = new RouteActionConfig { Cluster = cluster, Timeout = TimeLimit.Off };
        var host = new VirtualHostConfig { Name = "any", Domains = { "*" } };
        host.Routes.Add(new RouteConfig { Name = "default", Path = "/", Forward = action });
        var table = new RouteTableConfig { Name = name };
        table.VirtualHosts.Add(host);
        RouteTables.Add(table);
        return action;
    }

    /// <summary>A cluster of plain endpoints on loopback.</summary>
    public ClusterConfig AddCluster(string name, params int[] ports)
    {
        var cluster = new ClusterConfig
        {
            Name = name,
            Type = ClusterType.Eds,
            EdsServiceName = name,
            LoadBalancing = LoadBalancingPolicy.RoundRobin,
            CircuitBreaker = CircuitBreakerConfig.Unlimited,
            ConnectTimeout = TimeLimit.From(TimeSpan.FromSeconds(2)),
            Services = { new ServiceMetadata($"{name}.grid.svc.cluster.local", name, "grid") },
        };
        Clusters.Add(cluster);
        EndpointSets.Add(Endpoints(name, ports));
        return cluster;
    }

    public static EndpointSetConfig Endpoints(string name, params int[] ports)
    {
        var set = new EndpointSetConfig { Name = name };
        foreach (int port in ports) set.Endpoints.Add(new EndpointConfig { Address = new IpPort(IpAddress.LoopbackV4, port) });
        return set;
    }

    private static Policy.Blocks.BlockImage Checked(Policy.Blocks.BlockImage? image, ConfigProblems problems)
    {
        Assert.True(image is not null && !problems.Any, string.Join('\n', problems.Items.Select(p => $"{p.FieldPath}: {p.Message}")));
        return image!;
    }
}
