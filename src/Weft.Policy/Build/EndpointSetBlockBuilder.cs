using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Policy.Blocks;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>Compiles an <see cref="EndpointSetConfig"/>: sorts by priority and readiness and does the priority arithmetic once.</summary>
public static class EndpointSetBlockBuilder
{
    /// <summary>Envoy's default overprovisioning factor, percent.</summary>
    public const uint DefaultOverprovisioningFactor = 140;

    /// <summary>The block, or null with at least one problem added.</summary>
    public static BlockImage? Build(EndpointSetConfig config, ConfigProblems problems) => Build(config, problems, "");

    internal static BlockImage? Build(EndpointSetConfig config, ConfigProblems problems, string path)
    {
        int before = problems.Items.Count;
        if (config.Name.Length == 0)
            problems.Add(path + "cluster_name", "must not be empty");
        Validate(config, path, problems);
        var writer = new BlockWriter(BlockKind.EndpointSet);
        var locality = new Dictionary<Locality, Run>();

        // A stable sort: the order of endpoints is the control plane's, which sorts by address.
        List<EndpointConfig> sorted = [.. config.Endpoints.OrderBy(e => e.Priority).ThenBy(e => IsReady(e) ? 0 : 1)];
        foreach (EndpointConfig endpoint in sorted)
            AddEndpoint(writer, endpoint, locality);
        uint factor = config.OverprovisioningFactor == 0 ? DefaultOverprovisioningFactor : config.OverprovisioningFactor;
        foreach (PriorityRecord priority in PriorityLoad.Compute(sorted, IsReady, factor))
            writer.Add(BlockSection.Priorities, in priority);
        var root = new EndpointSetRecord
        {
            Endpoints = new Run(0, sorted.Count),
            Priorities = new Run(0, writer.Count(BlockSection.Priorities)),
            OverprovisioningFactor = config.OverprovisioningFactor,
            ReadyCount = sorted.Count(IsReady),
            Origins = writer.Origins(config.Origins),
        };
        return problems.Items.Count > before ? null : writer.Finish(config.Name, in root);
    }

    private static bool IsReady(EndpointConfig e) => e.Health is EndpointHealth.Unknown or EndpointHealth.Healthy or EndpointHealth.Degraded;

    private static void Validate(EndpointSetConfig config, string path, ConfigProblems problems)
    {
        var priorities = new SortedSet<uint>();
        ulong weight = 0;
        foreach (EndpointConfig endpoint in config.Endpoints)
        {
            priorities.Add(endpoint.Priority);
            weight += endpoint.Weight;
            if (endpoint.Weight == 0)
                problems.Add(path + "endpoints.lb_endpoints.load_balancing_weight", $"{endpoint.Address}: must be at least 1");
            if (endpoint.Address.Port is <= 0 or > 65535)
                problems.Add(path + "endpoints.lb_endpoints.endpoint.address.socket_address.port_value", $"{endpoint.Address}: must be a port");
        }

        if (weight > uint.MaxValue)
            problems.Add(path + "endpoints", "the sum of weights must not exceed 4294967295");
        if (priorities.Count > 0 && priorities.Max != priorities.Count - 1)
            problems.Add(path + "endpoints.priority", "priorities must run from 0 without a gap");
    }

    private static void AddEndpoint(BlockWriter writer, EndpointConfig endpoint, Dictionary<Locality, Run> localities)
    {
        Locality place = endpoint.Locality;
        Run where = default;
        if (place.Region.Length + place.Zone.Length + place.SubZone.Length > 0 && !localities.TryGetValue(place, out where))
        {
            where = writer.Texts([place.Region, place.Zone, place.SubZone]);
            localities.Add(place, where);
        }

        int start = writer.Count(BlockSection.Pairs);
        foreach ((string key, string value) in endpoint.SocketMatch)
            writer.Add(BlockSection.Pairs, new PairRecord { Key = writer.Text(key), Value = writer.Text(value) });
        writer.Add(BlockSection.Endpoints, new EndpointRecord
        {
            Address = endpoint.Address.Address,
            Port = endpoint.Address.Port,
            Weight = endpoint.Weight,
            Health = endpoint.Health,
            Priority = endpoint.Priority,
            TlsMode = TlsMode(endpoint),
            LocalityWeight = place.Weight,
            Locality = where,
            SocketMatch = writer.Since(BlockSection.Pairs, start),
            Hostname = writer.Text(endpoint.Hostname),
            Workload = writer.Text(endpoint.Workload),
            Origins = writer.Origins(endpoint.Origins),
        });
    }

    private static EndpointTlsMode TlsMode(EndpointConfig endpoint)
    {
        foreach ((string key, string value) in endpoint.SocketMatch)
        {
            if (key == "tlsMode")
                return value switch { "istio" => EndpointTlsMode.Istio, "disabled" => EndpointTlsMode.Disabled, _ => EndpointTlsMode.Other };
        }

        return EndpointTlsMode.None;
    }
}
