using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>
/// What is counted for each cluster, under Envoy's names with the label <c>cluster_name</c>. One for a process. Instruments: envoy_cluster_upstream_cx_total,
/// _cx_connect_fail, _cx_connect_timeout, _cx_overflow, _cx_destroy, _rq_total, _rq_completed, _rq_pending_overflow, _rq_timeout, _rq_per_try_timeout,
/// _rq_retry, _rq_retry_success, _rq_retry_overflow, _rq_retry_limit_exceeded, _rq_rx_reset, _rq_cancelled, _cx_none_healthy.
/// </summary>
internal sealed class ClusterMetrics
{
    private readonly MetricRegistry _registry;
    private readonly MetricGroup _group;

    public ClusterMetrics(MetricRegistry registry)
    {
        _registry = registry;
        _group = registry.AddGroup(
            ["cluster_name"],
            MetricRegistry.DefaultMaxSeries,
            CxTotal, CxConnectFail, CxConnectTimeout, CxOverflow, CxDestroy, CxNoneHealthy,
            RqTotal, RqCompleted, RqPendingOverflow, RqTimeout, RqPerTryTimeout, RqRetry, RqRetrySuccess, RqRetryOverflow, RqRetryLimitExceeded, RqRxReset, RqCancelled);
    }

    public MetricFamily CxTotal { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_total", "Connections made.");
    public MetricFamily CxConnectFail { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_connect_fail", "Connections that could not be made.");
    public MetricFamily CxConnectTimeout { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_connect_timeout", "Connections that were not made in time.");
    public MetricFamily CxOverflow { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_overflow", "Connections not made because of max_connections.");
    public MetricFamily CxDestroy { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_destroy", "Connections ended.");
    public MetricFamily CxNoneHealthy { get; } = MetricFamily.Counter("envoy_cluster_upstream_cx_none_healthy", "Requests and connections for which no endpoint was ready.");
    public MetricFamily RqTotal { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_total", "Requests sent, each attempt one.");
    public MetricFamily RqCompleted { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_completed", "Requests answered.");
    public MetricFamily RqPendingOverflow { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_pending_overflow", "Requests refused by a circuit breaker.");
    public MetricFamily RqTimeout { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_timeout", "Requests that passed the route's timeout.");
    public MetricFamily RqPerTryTimeout { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_per_try_timeout", "Attempts that passed the per-try timeout.");
    public MetricFamily RqRetry { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_retry", "Retries.");
    public MetricFamily RqRetrySuccess { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_retry_success", "Retries that brought an answer.");
    public MetricFamily RqRetryOverflow { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_retry_overflow", "Retries not made because of the budget or max_retries.");
    public MetricFamily RqRetryLimitExceeded { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_retry_limit_exceeded", "Requests that used up their retries.");
    public MetricFamily RqRxReset { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_rx_reset", "Connections that ended before the answer did.");
    public MetricFamily RqCancelled { get; } = MetricFamily.Counter("envoy_cluster_upstream_rq_cancelled", "Requests whose client left.");

    /// <summary>The first cell of a cluster's series. Locks; ask when a cluster is seen first.</summary>
    public int Series(string cluster) => _registry.Series(_group, [cluster]);
}
