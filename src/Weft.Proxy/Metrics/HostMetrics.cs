using System;
using Weft.Proxy.Lifecycle;
using Weft.Reactor;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>Figures of the engine and of the parts beside the data path, asked for when somebody collects.</summary>
internal static class HostMetrics
{
    public static void Add(MetricRegistry registry, ProxyHost host, LoopGroup loops)
    {
        double Sum(Func<LoopCounters, long> field)
        {
            long sum = 0;
            foreach (var loop in loops.Loops) sum += field(loop.Counters);
            return sum;
        }

        registry.AddCounter("weft_loop_accepted_total", "Connections accepted.", () => Sum(c => c.Accepted));
        registry.AddCounter("weft_loop_connects_total", "Connections begun.", () => Sum(c => c.Connects));
        registry.AddCounter("weft_loop_connect_failures_total", "Connections that failed.", () => Sum(c => c.ConnectFailures));
        registry.AddCounter("weft_loop_handshakes_total", "TLS handshakes completed.", () => Sum(c => c.Handshakes));
        registry.AddCounter("weft_loop_handshake_failures_total", "TLS handshakes failed.", () => Sum(c => c.HandshakeFailures));
        registry.AddCounter("weft_loop_accept_stalls_total", "Times accepting paused for want of descriptors.", () => Sum(c => c.AcceptStalls));
        registry.AddCounter("weft_loop_handler_failures_total", "Links closed because our own code threw.", () => Sum(c => c.HandlerFailures));
        registry.AddCounter("weft_loop_received_bytes_total", "Application bytes received.", () => Sum(c => c.BytesReceived));
        registry.AddCounter("weft_loop_sent_bytes_total", "Application bytes sent.", () => Sum(c => c.BytesSent));
        registry.AddCounter("weft_access_log_written_total", "Log lines written.", () => host.AccessLog?.Written ?? 0);
        registry.AddCounter("weft_access_log_dropped_total", "Log lines dropped because a ring was full.", () => host.AccessLog?.Dropped ?? 0);
        registry.AddCounter("weft_access_log_failed_total", "Log lines lost because stdout failed.", () => host.AccessLog?.Failed ?? 0);
        registry.AddCounter("weft_dns_queries_total", "DNS queries.", () => host.Dns?.Queries ?? 0);
        registry.AddCounter("weft_dns_forwarded_total", "DNS queries forwarded.", () => host.Dns?.Forwarded ?? 0);
        registry.AddCounter("weft_dns_failures_total", "DNS queries that failed.", () => host.Dns?.Failures ?? 0);
        registry.AddGauge("envoy_control_plane_connected_state", "1 while discovery is connected.", () => host.Discovery is { IsConnected: true } ? 1 : 0);
        registry.AddCounter("weft_discovery_pushes_accepted_total", "Pushes acknowledged.", () => host.Discovery?.PushesAccepted ?? 0);
        registry.AddCounter("weft_discovery_pushes_rejected_total", "Pushes refused.", () => host.Discovery?.PushesRejected ?? 0);
        registry.AddCounter("weft_discovery_ignored_fields_total", "Fields ignored because they are known to be harmless.", () => host.Discovery?.IgnoredFields ?? 0);
        registry.AddGauge("weft_snapshot_retired_blocks", "Blocks that wait for a loop to move on.", () => host.Snapshots.RetiredCount);
        registry.AddGauge(
            "envoy_server_days_until_first_cert_expiring",
            "Days until our certificate ends.",
            () => host.Process.Tls.Identity is { } identity ? Math.Floor((identity.NotAfter - DateTimeOffset.UtcNow).TotalDays) : 0);
    }
}
