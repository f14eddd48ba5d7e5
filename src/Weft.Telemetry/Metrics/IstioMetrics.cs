namespace Weft.Telemetry.Metrics;

/// <summary>
/// Istio's standard metrics, by name and label, so that its dashboards work unchanged (reference istio.md §7). Instruments:
/// istio_requests_total, istio_request_duration_milliseconds, istio_request_bytes, istio_response_bytes, istio_tcp_sent_bytes_total,
/// istio_tcp_received_bytes_total, istio_tcp_connections_opened_total, istio_tcp_connections_closed_total.
/// </summary>
public sealed class IstioMetrics
{
    private static readonly string[] CommonNames =
    [
        "reporter",
        "source_workload", "source_workload_namespace", "source_principal", "source_app", "source_version",
        "source_canonical_service", "source_canonical_revision", "source_cluster",
        "destination_workload", "destination_workload_namespace", "destination_principal", "destination_app", "destination_version",
        "destination_canonical_service", "destination_canonical_revision", "destination_cluster",
        "destination_service", "destination_service_name", "destination_service_namespace",
        "request_protocol", "response_flags", "connection_security_policy",
    ];

    private readonly MetricRegistry _registry;
    private readonly MetricGroup _http;
    private readonly MetricGroup _tcp;
    private readonly MetricFamily _requests = MetricFamily.Counter("istio_requests_total", "Requests.");
    private readonly MetricFamily _duration = MetricFamily.Histogram("istio_request_duration_milliseconds", "Time from the first byte of a request to the last of its response.", HistogramBuckets.IstioMilliseconds);
    private readonly MetricFamily _requestBytes = MetricFamily.Histogram("istio_request_bytes", "Size of requests, head and body.", HistogramBuckets.IstioBytes);
    private readonly MetricFamily _responseBytes = MetricFamily.Histogram("istio_response_bytes", "Size of responses, head and body.", HistogramBuckets.IstioBytes);
    private readonly MetricFamily _sent = MetricFamily.Counter("istio_tcp_sent_bytes_total", "Bytes sent to the client of a TCP connection.");
    private readonly MetricFamily _received = MetricFamily.Counter("istio_tcp_received_bytes_total", "Bytes received from the client of a TCP connection.");
    private readonly MetricFamily _opened = MetricFamily.Counter("istio_tcp_connections_opened_total", "TCP connections opened.");
    private readonly MetricFamily _closed = MetricFamily.Counter("istio_tcp_connections_closed_total", "TCP connections closed.");

    public IstioMetrics(MetricRegistry registry, int maxSeries = MetricRegistry.DefaultMaxSeries)
    {
        _registry = registry;
        _http = registry.AddGroup([.. CommonNames, "response_code", "grpc_response_status"], maxSeries, _requests, _duration, _requestBytes, _responseBytes);
        _tcp = registry.AddGroup(CommonNames, maxSeries, _sent, _received, _opened, _closed);
    }

    /// <summary>The series of a kind of request. Locks and may allocate; remember it in a <see cref="SeriesCache"/>. Any thread.</summary>
    public int HttpSeries(IstioLabels labels) => _registry.Series(_http, [.. Common(labels), labels.ResponseCode, labels.GrpcResponseStatus]);

    /// <summary>The series of a kind of TCP connection. As <see cref="HttpSeries"/>.</summary>
    public int TcpSeries(IstioLabels labels) => _registry.Series(_tcp, Common(labels));

    /// <summary>Counts one finished request. Owner thread of the shard only; no allocation.</summary>
    /// <param name="shard">The loop's cells.</param>
    /// <param name="series">From <see cref="HttpSeries"/>.</param>
    /// <param name="durationMicroseconds">Whole request.</param>
    /// <param name="requestBytes">Head and body.</param>
    /// <param name="responseBytes">Head and body.</param>
    public void RecordRequest(MetricShard shard, int series, long durationMicroseconds, long requestBytes, long responseBytes)
    {
        shard.Increment(series + _requests.Offset);
        shard.Record(series, _duration, durationMicroseconds);
        shard.Record(series, _requestBytes, requestBytes);
        shard.Record(series, _responseBytes, responseBytes);
    }

    public void RecordOpened(MetricShard shard, int series) => shard.Increment(series + _opened.Offset);

    /// <summary>Counts bytes since the last report; on close and every few seconds (Istio: 5) while a connection lives.</summary>
    public void RecordBytes(MetricShard shard, int series, long sent, long received)
    {
        shard.Add(series + _sent.Offset, sent);
        shard.Add(series + _received.Offset, received);
    }

    public void RecordClosed(MetricShard shard, int series) => shard.Increment(series + _closed.Offset);

    private static string[] Common(IstioLabels labels) =>
    [
        labels.Reporter,
        .. Peer(labels.Source),
        .. Peer(labels.Destination),
        labels.DestinationService, labels.DestinationServiceName, labels.DestinationServiceNamespace,
        labels.RequestProtocol, labels.ResponseFlags, labels.ConnectionSecurityPolicy,
    ];

    private static string[] Peer(IstioPeerLabels peer) =>
    [
        peer.Workload, peer.WorkloadNamespace, peer.Principal, peer.App, peer.Version, peer.CanonicalService, peer.CanonicalRevision, peer.Cluster,
    ];
}
