using System;
using System.Diagnostics;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>
/// Counters of the proxy as a whole, mostly its own limits and refusals: each has a name, so that none is silent. Instruments: envoy_listener_*,
/// envoy_http_downstream_*, weft_*; see the constructor for all of them.
/// </summary>
internal sealed class ProxyMetrics
{
    private readonly MetricRegistry _registry;
    private readonly MetricGroup _listener;
    private readonly MetricGroup _rejected;
    private readonly MetricGroup _detection;
    private readonly MetricGroup _tlsFailures;

    public ProxyMetrics(MetricRegistry registry)
    {
        _registry = registry;
        Istio = new IstioMetrics(registry);
        Clusters = new ClusterMetrics(registry);
        _listener = registry.AddGroup(["listener_address"], 256, ListenerCxTotal, ListenerCxActive, ListenerNoChain);
        _rejected = registry.AddGroup(["reason"], 128, Rejected);
        _detection = registry.AddGroup(["reason"], 16, DetectedAsTcp);
        _tlsFailures = registry.AddGroup(["reason"], 64, DownstreamTlsFailures);

        HttpConnections = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_cx_total", "HTTP connections from clients."));
        HttpRequests = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_rq_total", "HTTP requests from clients."));
        HttpActive = registry.AddSingle(MetricFamily.Gauge("envoy_http_downstream_rq_active", "HTTP requests under way."));
        ConnectionsActive = registry.AddSingle(MetricFamily.Gauge("envoy_server_total_connections", "Connections from clients."));
        IdleTimeouts = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_cx_idle_timeout", "Client connections closed because nothing happened on them."));
        HeaderTimeouts = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_rq_header_timeout", "Requests whose head was not there in time."));
        StreamIdleTimeouts = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_rq_idle_timeout", "Requests on which nothing moved for too long."));
        ClientAborts = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_rq_rx_reset", "Requests whose client left."));
        EarlyResponses = registry.AddSingle(MetricFamily.Counter("envoy_http_downstream_rq_response_before_rq_complete", "Answers that came before the request was there whole."));
        PlaintextRefused = registry.AddSingle(MetricFamily.Counter("weft_inbound_plaintext_refused_total", "Plaintext connections to a port that is STRICT."));
        LoopsRefused = registry.AddSingle(MetricFamily.Counter("weft_redirection_loop_refused_total", "Connections to the proxy's own capture ports."));
        StaleReuseRetries = registry.AddSingle(MetricFamily.Counter("weft_upstream_stale_reuse_retry_total", "Requests sent again because a kept connection had been closed by the server."));
        ReplayOverflows = registry.AddSingle(MetricFamily.Counter("weft_retry_replay_overflow_total", "Requests that could no longer be retried because their body is longer than the replay buffer."));
        Unsolicited = registry.AddSingle(MetricFamily.Counter("weft_upstream_unsolicited_response_total", "Upstream connections closed because they sent what nobody asked for."));
        Leftovers = registry.AddSingle(MetricFamily.Counter("weft_upstream_leftover_total", "Upstream connections closed because bytes followed an answer."));
        UpgradesRefused = registry.AddSingle(MetricFamily.Counter("weft_upgrade_refused_total", "Requests with Upgrade, served without it or refused."));
        PeerMetadataStripped = registry.AddSingle(MetricFamily.Counter("weft_peer_metadata_stripped_total", "Requests that tried to name their peer by a header."));
    }

    public IstioMetrics Istio { get; }
    public ClusterMetrics Clusters { get; }
    public MetricFamily ListenerCxTotal { get; } = MetricFamily.Counter("envoy_listener_downstream_cx_total", "Connections accepted.");
    public MetricFamily ListenerCxActive { get; } = MetricFamily.Gauge("envoy_listener_downstream_cx_active", "Connections open.");
    public MetricFamily ListenerNoChain { get; } = MetricFamily.Counter("envoy_listener_no_filter_chain_match", "Connections closed because no filter chain matched.");
    public MetricFamily Rejected { get; } = MetricFamily.Counter("weft_http1_rejected_total", "Messages refused because they break HTTP/1, by rule.");
    public MetricFamily DetectedAsTcp { get; } = MetricFamily.Counter("weft_protocol_detection_tcp_total", "Sniffed connections that became TCP, by reason.");
    public MetricFamily DownstreamTlsFailures { get; } = MetricFamily.Counter("weft_downstream_tls_failure_total", "TLS handshakes with clients that failed, by reason.");
    public int HttpConnections { get; }
    public int HttpRequests { get; }
    public int HttpActive { get; }
    public int ConnectionsActive { get; }
    public int IdleTimeouts { get; }
    public int HeaderTimeouts { get; }
    public int StreamIdleTimeouts { get; }
    public int ClientAborts { get; }
    public int EarlyResponses { get; }
    public int PlaintextRefused { get; }
    public int LoopsRefused { get; }
    public int StaleReuseRetries { get; }
    public int ReplayOverflows { get; }
    public int Unsolicited { get; }
    public int Leftovers { get; }
    public int UpgradesRefused { get; }
    public int PeerMetadataStripped { get; }

    /// <summary>Series of a listener, labelled with its address as Envoy writes it (<c>0.0.0.0_15001</c>). Locks.</summary>
    public int Listener(string address) => _registry.Series(_listener, [address]);

    /// <summary>Series of a rule of HTTP/1. Locks; peers cannot make more of them than there are rules.</summary>
    public int RejectedFor(string reason) => _registry.Series(_rejected, [reason]);
    public int DetectedFor(string reason) => _registry.Series(_detection, [reason]);
    public int TlsFailureFor(string reason) => _registry.Series(_tlsFailures, [reason]);

    /// <summary>What the runtime and the process can say of themselves, among it the garbage collector's pauses (design section 4).</summary>
    public static void AddProcess(MetricRegistry registry, GcPauses pauses, int concurrency, Func<double> state)
    {
        long start = Environment.TickCount64;
        registry.AddGauge("envoy_server_state", "0 live, 1 draining, 2 pre-initializing, 3 initializing.", state);
        registry.AddGauge("envoy_server_live", "1 while live.", () => state() == 0 ? 1 : 0);
        registry.AddGauge("envoy_server_concurrency", "Loops.", () => concurrency);
        registry.AddGauge("envoy_server_uptime", "Seconds since start.", () => (Environment.TickCount64 - start) / 1000);
        registry.AddGauge("envoy_server_memory_allocated", "Bytes on the managed heap.", () => GC.GetTotalMemory(false));
        registry.AddGauge("envoy_server_memory_physical_size", "Resident bytes.", () => Environment.WorkingSet);
        registry.AddCounter("weft_gc_pause_seconds_total", "Time that collections stopped the loops.", () => GC.GetTotalPauseDuration().TotalSeconds);
        registry.AddGauge("weft_gc_pause_max_seconds", "Longest single pause since start or /reset_counters.", () => pauses.Longest.TotalSeconds);
        registry.AddCounter("weft_gc_allocated_bytes_total", "Bytes allocated on the managed heap.", () => GC.GetTotalAllocatedBytes());
        for (int generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            int number = generation;
            registry.AddCounter("weft_gc_collections_total", "Collections.", () => GC.CollectionCount(number), ("generation", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        }
        registry.AddCounter("process_cpu_seconds_total", "User and system time.", () => Process.GetCurrentProcess().TotalProcessorTime.TotalSeconds);
    }
}
