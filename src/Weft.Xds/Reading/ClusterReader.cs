using System;
using Weft.Policy.Model;
using Weft.Xds.Wire;
using Breaker = Weft.Xds.Proto.Config.Cluster.V3.CircuitBreakers.Types.Thresholds;
using Fields = Weft.Xds.Proto.Config.Cluster.V3.Cluster;
using Keepalive = Weft.Xds.Proto.Config.Core.V3.TcpKeepalive;

namespace Weft.Xds.Reading;

/// <summary>Cluster: a service as one sends to it.</summary>
internal static class ClusterReader
{
    public static ClusterConfig Cluster(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var cluster = new ClusterConfig();
        var hasEdsConfig = false;
        TransportSocketMatchConfig? plainSocket = null;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Fields.NameFieldNumber: cluster.Name = field.Text; break;
                case Fields.AltStatNameFieldNumber: cluster.AltStatName = field.Text; break;
                case Fields.TypeFieldNumber: cluster.Type = DiscoveryType(field, report); break;
                case Fields.EdsClusterConfigFieldNumber:
                    hasEdsConfig = true;
                    using (report.At("eds_cluster_config")) EdsConfig(field.Bytes, cluster, report);
                    break;
                case Fields.ConnectTimeoutFieldNumber: cluster.ConnectTimeout = CommonReader.PositiveDuration(field, "connect_timeout", report); break;
                case Fields.LbPolicyFieldNumber: cluster.LoadBalancing = LbPolicy(field, report); break;
                case Fields.LoadAssignmentFieldNumber:
                    using (report.At("load_assignment")) cluster.Endpoints = EndpointReader.ClusterLoadAssignment(field.Bytes, report);
                    break;
                case Fields.CircuitBreakersFieldNumber:
                    using (report.At("circuit_breakers")) CircuitBreakers(field.Bytes, cluster, report);
                    break;
                case Fields.TransportSocketFieldNumber:
                    using (report.At("transport_socket")) plainSocket = new TransportSocketMatchConfig { Name = "default", Tls = TlsReader.Upstream(field.Bytes, report) };
                    break;
                case Fields.TransportSocketMatchesFieldNumber:
                    using (report.At("transport_socket_matches", cluster.TransportSockets.Count)) cluster.TransportSockets.Add(SocketMatch(field.Bytes, report));
                    break;
                case Fields.MetadataFieldNumber:
                    MetadataReader.Origins(field.Bytes, cluster.Origins);
                    MetadataReader.Istio(field.Bytes, cluster);
                    break;
                default: ReadOptions(field, cluster, report); break;
            }
        }

        // Envoy: the plain socket is what remains when no match takes the endpoint.
        if (plainSocket is not null) cluster.TransportSockets.Add(plainSocket);
        CheckType(cluster, hasEdsConfig, report);
        return cluster;
    }

    private static void ReadOptions(in WireField field, ClusterConfig cluster, WalkReport report)
    {
        switch (field.Number)
        {
            case Fields.TypedExtensionProtocolOptionsFieldNumber:
                MapEntry.Read(field.Bytes, out _, out var any, out _);
                AnyView.Read(any, out _, out var options, out _);
                using (report.At("typed_extension_protocol_options")) UpstreamHttpReader.Read(options, cluster, report);
                break;
            case Fields.UpstreamBindConfigFieldNumber:
                using (report.At("upstream_bind_config")) BindConfig(field.Bytes, cluster, report);
                break;
            case Fields.CommonLbConfigFieldNumber:
                using (report.At("common_lb_config")) CommonLbConfig(field.Bytes, cluster, report);
                break;
            case Fields.UpstreamConnectionOptionsFieldNumber: ConnectionOptions(field.Bytes, cluster); break;
            case Fields.LeastRequestLbConfigFieldNumber: LeastRequest(field.Bytes, cluster, report); break;
            case Fields.OriginalDstLbConfigFieldNumber: OriginalDst(field.Bytes, cluster, report); break;
        }
    }

    /// <summary>STATIC=0, STRICT_DNS=1, LOGICAL_DNS=2, EDS=3, ORIGINAL_DST=4.</summary>
    private static ClusterType DiscoveryType(in WireField field, WalkReport report)
    {
        var type = (ClusterType)CommonReader.Enum(field, "type", 4, report);
        if (type is ClusterType.StrictDns or ClusterType.LogicalDns) report.Add("type", "DNS clusters are not enforced by this proxy");
        return type;
    }

    /// <summary>ROUND_ROBIN=0, LEAST_REQUEST=1, RING_HASH=2, RANDOM=3, MAGLEV=5, CLUSTER_PROVIDED=6, LOAD_BALANCING_POLICY_CONFIG=7.</summary>
    private static LoadBalancingPolicy LbPolicy(in WireField field, WalkReport report)
    {
        switch (field.Scalar)
        {
            case 0: return LoadBalancingPolicy.RoundRobin;
            case 1: return LoadBalancingPolicy.LeastRequest;
            case 3: return LoadBalancingPolicy.Random;
            case 6: return LoadBalancingPolicy.ClusterProvided;
            default:
                report.Add("lb_policy", "is not enforced by this proxy: ROUND_ROBIN, LEAST_REQUEST, RANDOM or CLUSTER_PROVIDED");
                return LoadBalancingPolicy.RoundRobin;
        }
    }

    private static void CheckType(ClusterConfig cluster, bool hasEdsConfig, WalkReport report)
    {
        if (cluster.Type == ClusterType.Eds && !hasEdsConfig) report.Add("eds_cluster_config", "is required for type EDS");
        if (cluster.Type == ClusterType.Eds && cluster.Endpoints is not null) report.Add("load_assignment", "is not for type EDS");
        if (cluster.Type != ClusterType.Eds && hasEdsConfig) report.Add("eds_cluster_config", "is for type EDS only");
    }

    private static void EdsConfig(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var hasSource = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 2) cluster.EdsServiceName = field.Text;
            if (field.Number != 1) continue;
            hasSource = true;
            using (report.At("eds_config")) CommonReader.ConfigSource(field, report);
        }

        if (!hasSource) report.Add("eds_config", "is required");
    }

    private static void CircuitBreakers(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var count = 0;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            using (report.At("thresholds", count++)) Thresholds(field.Bytes, cluster, report);
        }
    }

    private static void Thresholds(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var (connections, pending, requests, retries) = (1024u, 1024u, 1024u, 3u);
        var isHigh = false;
        RetryBudgetConfig? budget = null;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case Breaker.PriorityFieldNumber: isHigh = CommonReader.Enum(field, "priority", 1, report) == 1; break;
                case Breaker.MaxConnectionsFieldNumber: connections = CommonReader.Wrapped(field); break;
                case Breaker.MaxPendingRequestsFieldNumber: pending = CommonReader.Wrapped(field); break;
                case Breaker.MaxRequestsFieldNumber: requests = CommonReader.Wrapped(field); break;
                case Breaker.MaxRetriesFieldNumber: retries = CommonReader.Wrapped(field); break;
                case Breaker.RetryBudgetFieldNumber:
                    using (report.At("retry_budget")) budget = RetryBudget(field.Bytes, report);
                    break;
            }
        }

        if ((isHigh ? cluster.HighPriorityCircuitBreaker : cluster.CircuitBreaker) is not null) report.Add("priority", "has thresholds already");
        var breaker = new CircuitBreakerConfig(connections, pending, requests, retries);
        if (isHigh) cluster.HighPriorityCircuitBreaker = breaker;
        else (cluster.CircuitBreaker, cluster.RetryBudget) = (breaker, budget);
    }

    private static RetryBudgetConfig RetryBudget(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var budget = RetryBudgetConfig.Default;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) budget = budget with { Percent = CommonReader.Percent(field, "budget_percent", report) };
            else if (field.Number == 2) budget = budget with { MinConcurrency = CommonReader.Wrapped(field) };
        }

        return budget;
    }

    private static TransportSocketMatchConfig SocketMatch(ReadOnlySpan<byte> bytes, WalkReport report)
    {
        var match = new TransportSocketMatchConfig();
        var hasSocket = false;
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            switch (field.Number)
            {
                case 1: match.Name = field.Text; break;
                case 2: MetadataReader.Pairs(field.Bytes, match.Criteria); break;
                case 3:
                    hasSocket = true;
                    using (report.At("transport_socket")) match.Tls = TlsReader.Upstream(field.Bytes, report);
                    break;
            }
        }

        if (match.Name.Length == 0) report.Add("name", "must not be empty");
        if (!hasSocket) report.Add("transport_socket", "is required");
        return match;
    }

    private static void BindConfig(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != 1) continue;
            cluster.HasBindSource = true;
            using (report.At("source_address")) cluster.BindSource = CommonReader.SocketAddress(field.Bytes, report, mayBePortless: true);
        }
    }

    private static void CommonLbConfig(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) cluster.HealthyPanicThreshold = CommonReader.Percent(field, "healthy_panic_threshold", report);
        }
    }

    private static void ConnectionOptions(ReadOnlySpan<byte> bytes, ClusterConfig cluster)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number == 1) cluster.TcpKeepalive = TcpKeepalive(field.Bytes);
        }
    }

    private static TcpKeepaliveConfig TcpKeepalive(ReadOnlySpan<byte> bytes)
    {
        var keepalive = new TcpKeepaliveConfig();
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            var value = CommonReader.Wrapped(field);
            keepalive = field.Number switch
            {
                Keepalive.KeepaliveProbesFieldNumber => keepalive with { Probes = value },
                Keepalive.KeepaliveTimeFieldNumber => keepalive with { TimeSeconds = value },
                Keepalive.KeepaliveIntervalFieldNumber => keepalive with { IntervalSeconds = value },
                _ => keepalive,
            };
        }

        return keepalive;
    }

    private static void LeastRequest(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Fields.Types.LeastRequestLbConfig.ChoiceCountFieldNumber) continue;
            cluster.ChoiceCount = CommonReader.Wrapped(field);
            if (cluster.ChoiceCount < 2) report.Add("least_request_lb_config.choice_count", "must be at least 2");
        }
    }

    private static void OriginalDst(ReadOnlySpan<byte> bytes, ClusterConfig cluster, WalkReport report)
    {
        var reader = new WireReader(bytes);
        while (reader.TryRead(out var field))
        {
            if (field.Number != Fields.Types.OriginalDstLbConfig.UpstreamPortOverrideFieldNumber) continue;
            var port = CommonReader.Wrapped(field);
            if (port > 65535) report.Add("original_dst_lb_config.upstream_port_override", "must be a port");
            cluster.UpstreamPortOverride = (int)(port & 0xffff);
        }
    }
}
