using System;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Networking;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>DestinationRule → <see cref="HostPolicy"/>. Pure.</summary>
internal static class DestinationRuleFrontEnd
{
    public static HostPolicy Read(Resource<DestinationRule> resource, MeshSettings settings)
    {
        DestinationRule spec = resource.Spec;
        Origin origin = new("", resource.Kind, resource.Namespace, resource.Name, "");
        return new HostPolicy
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            Host = HostName.Resolve(spec.Host, resource.Namespace, settings.ClusterDomain),
            Traffic = ReadScoped(spec.TrafficPolicy, "spec.trafficPolicy", origin),
            Subsets =
            [
                .. spec.Subsets.Select((s, i) =>
                {
                    string path = string.Create(CultureInfo.InvariantCulture, $"spec.subsets[{i}]");
                    return new SubsetPolicy(s.Name, s.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal), ReadScoped(s.TrafficPolicy, path + ".trafficPolicy", origin), origin.At(path, "subset"));
                }),
            ],
            WorkloadSelector = spec.WorkloadSelector?.ToImmutableSortedDictionary(StringComparer.Ordinal) ?? ImmutableSortedDictionary<string, string>.Empty,
            ExportTo = ExportScope.Parse(spec.ExportTo),
            Created = resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
            Origin = origin,
        };
    }

    private static ScopedTrafficSettings ReadScoped(TrafficPolicy? policy, string path, Origin origin)
    {
        if (policy is null)
        {
            return ScopedTrafficSettings.Unset;
        }

        TrafficSettings general = ReadBlocks(policy.LoadBalancer, policy.ConnectionPool, policy.Tls, path, origin);
        ImmutableSortedDictionary<int, TrafficSettings>.Builder ports = ImmutableSortedDictionary.CreateBuilder<int, TrafficSettings>();
        for (int i = 0; i < policy.PortLevelSettings.Count; i++)
        {
            PortTrafficPolicy port = policy.PortLevelSettings[i];
            string portPath = string.Create(CultureInfo.InvariantCulture, $"{path}.portLevelSettings[{i}]");
            if (!ports.ContainsKey((int)port.Port))
            {
                ports.Add((int)port.Port, ReadBlocks(port.LoadBalancer, port.ConnectionPool, port.Tls, portPath, origin));
            }
        }

        return new ScopedTrafficSettings(general, ports.ToImmutable());
    }

    private static TrafficSettings ReadBlocks(LoadBalancerSettings? balancer, ConnectionPoolSettings? pool, ClientTlsSettings? tls, string path, Origin origin) => new()
    {
        LoadBalancer = balancer is null ? null : ReadBalancer(balancer),
        LoadBalancerOrigin = balancer is null ? null : origin.At(path + ".loadBalancer", "load_balancer"),
        ConnectionPool = pool is null ? null : ReadPool(pool, origin.At(path + ".connectionPool", "connection_pool")),
        Tls = tls is null ? null : tls.Mode == ClientTlsMode.IstioMutual ? ClientTls.IstioMutual : ClientTls.Plaintext,
        TlsOrigin = tls is null ? null : origin.At(path + ".tls", "tls"),
    };

    /// <summary>Consistent hashing is not honoured yet: reported by the reader, and least request meanwhile.</summary>
    private static LoadBalancer ReadBalancer(LoadBalancerSettings balancer) => balancer.Simple switch
    {
        SimpleLoadBalancer.RoundRobin => LoadBalancer.RoundRobin,
        SimpleLoadBalancer.Random => LoadBalancer.Random,
        SimpleLoadBalancer.Passthrough => LoadBalancer.Passthrough,
        _ => LoadBalancer.LeastRequest,
    };

    private static ConnectionLimits ReadPool(ConnectionPoolSettings pool, Origin origin) => new()
    {
        MaxConnections = Limit(pool.Tcp?.MaxConnections),
        ConnectTimeout = pool.Tcp?.ConnectTimeout,
        TcpIdleTimeout = pool.Tcp?.IdleTimeout,
        MaxConnectionDuration = pool.Tcp?.MaxConnectionDuration,
        Keepalive = pool.Tcp?.TcpKeepalive is { } keepalive ? new TcpKeepaliveTimes(keepalive.Probes, keepalive.Time, keepalive.Interval) : null,
        MaxPendingRequests = Limit(pool.Http?.Http1MaxPendingRequests),
        MaxRequests = Limit(pool.Http?.Http2MaxRequests),
        MaxRequestsPerConnection = Limit(pool.Http?.MaxRequestsPerConnection),
        MaxRetries = Limit(pool.Http?.MaxRetries),
        HttpIdleTimeout = pool.Http?.IdleTimeout,
        Origin = origin,
    };

    /// <summary>0 means not set (istio.md 1.2).</summary>
    private static uint? Limit(int? value) => value is null or <= 0 ? null : (uint)value.Value;
}
