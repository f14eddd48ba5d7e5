using System;
using System.Linq;
using System.Text.RegularExpressions;
using Weft.Telemetry.Metrics;
using Weft.Testing;

namespace Weft.Telemetry.Tests.Metrics;

public sealed class IstioMetricsTests
{
    private static readonly IstioLabels Labels = new()
    {
        Reporter = "source",
        Source = new IstioPeerLabels { Workload = "web", WorkloadNamespace = "grid", Principal = "spiffe://cluster.local/ns/grid/sa/web", App = "web", Version = "v1", CanonicalService = "web", CanonicalRevision = "v1", Cluster = "Kubernetes" },
        Destination = new IstioPeerLabels { Workload = "forecast-v2", WorkloadNamespace = "grid" },
        DestinationService = "forecast.grid.svc.cluster.local",
        DestinationServiceName = "forecast",
        DestinationServiceNamespace = "grid",
        RequestProtocol = "http",
        ResponseCode = "503",
        ResponseFlags = "UF,URX",
    };

    private readonly MetricRegistry _registry = new();
    private readonly MetricShard _shard;
    private readonly IstioMetrics _metrics;

    public IstioMetricsTests()
    {
        _shard = _registry.AddShard();
        _metrics = new IstioMetrics(_registry);
    }

    [Fact]
    public void RecordRequest_OneRequest_MovesAllFourInstruments()
    {
        _metrics.RecordRequest(_shard, _metrics.HttpSeries(Labels), durationMicroseconds: 7_250, requestBytes: 300, responseBytes: 0);
        string text = Exposition.Of(_registry);
        Assert.Contains("# TYPE istio_requests_total counter\n", text, StringComparison.Ordinal);
        Assert.Matches("(?m)^istio_requests_total\\{reporter=\"source\",.*destination_service=\"forecast.grid.svc.cluster.local\",.*response_flags=\"UF,URX\",.*response_code=\"503\",.*\\} 1$", text);
        Assert.Matches("(?m)^istio_request_duration_milliseconds_bucket\\{.*le=\"5\"\\} 0$", text);
        Assert.Matches("(?m)^istio_request_duration_milliseconds_bucket\\{.*le=\"10\"\\} 1$", text);
        Assert.Matches("(?m)^istio_request_duration_milliseconds_bucket\\{.*le=\"\\+Inf\"\\} 1$", text);
        Assert.Matches("(?m)^istio_request_duration_milliseconds_sum\\{.*\\} 7.25$", text);
        Assert.Matches("(?m)^istio_request_bytes_bucket\\{.*le=\"250\"\\} 0$", text);
        Assert.Matches("(?m)^istio_request_bytes_bucket\\{.*le=\"500\"\\} 1$", text);
        Assert.Matches("(?m)^istio_response_bytes_bucket\\{.*le=\"0.5\"\\} 1$", text);
        Assert.Matches("(?m)^istio_response_bytes_count\\{.*\\} 1$", text);
    }

    [Fact]
    public void Tcp_OneConnection_MovesAllFourInstruments()
    {
        int series = _metrics.TcpSeries(Labels with { RequestProtocol = "tcp" });
        _metrics.RecordOpened(_shard, series);
        _metrics.RecordBytes(_shard, series, sent: 10, received: 20);
        _metrics.RecordClosed(_shard, series);
        string text = Exposition.Of(_registry);
        Assert.Matches("(?m)^istio_tcp_sent_bytes_total\\{.*\\} 10$", text);
        Assert.Matches("(?m)^istio_tcp_received_bytes_total\\{.*\\} 20$", text);
        Assert.Matches("(?m)^istio_tcp_connections_opened_total\\{.*\\} 1$", text);
        Assert.Matches("(?m)^istio_tcp_connections_closed_total\\{.*\\} 1$", text);
        Assert.DoesNotMatch("(?m)^istio_tcp_.*response_code", text);
    }

    [Fact]
    public void HttpSeries_Labels_AreIstiosFullSet()
    {
        _metrics.RecordRequest(_shard, _metrics.HttpSeries(new IstioLabels()), 1, 1, 1);
        string line = Exposition.Of(_registry).Split('\n').First(one => one.StartsWith("istio_requests_total{", StringComparison.Ordinal));
        string[] names = [.. Regex.Matches(line, "([a-z_]+)=\"").Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal)];
        string[] expected =
        [
            "connection_security_policy", "destination_app", "destination_canonical_revision", "destination_canonical_service", "destination_cluster",
            "destination_principal", "destination_service", "destination_service_name", "destination_service_namespace", "destination_version",
            "destination_workload", "destination_workload_namespace", "grpc_response_status", "reporter", "request_protocol", "response_code",
            "response_flags", "source_app", "source_canonical_revision", "source_canonical_service", "source_cluster", "source_principal",
            "source_version", "source_workload", "source_workload_namespace",
        ];
        Assert.Equal(expected, names);
        Assert.Contains("source_workload=\"unknown\"", line, StringComparison.Ordinal);
        Assert.Contains("source_canonical_revision=\"latest\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public void RecordRequest_KnownSeries_AllocatesNothing()
    {
        var cache = new SeriesCache(100);
        var key = new SeriesKey(1, 2);
        cache.Add(key, _metrics.HttpSeries(Labels));
        Assert.Equal(0, Allocations.Of(2000, () =>
        {
            cache.TryGet(key, out int series);
            _metrics.RecordRequest(_shard, series, 1234, 100, 5000);
        }));
    }

    [Fact]
    public void PrometheusText_LabelValues_AreEscaped()
    {
        _registry.AddGauge("weft_info", "Line\nbreak \\ slash.", () => 1.5, ("name", "a\"b\\c\nd"));
        string text = Exposition.Of(_registry);
        Assert.Contains("# HELP weft_info Line\\nbreak \\\\ slash.\n# TYPE weft_info gauge\n", text, StringComparison.Ordinal);
        Assert.Contains("weft_info{name=\"a\\\"b\\\\c\\nd\"} 1.5\n", text, StringComparison.Ordinal);
    }
}
