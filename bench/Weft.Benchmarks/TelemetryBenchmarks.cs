using BenchmarkDotNet.Attributes;
using Weft.Telemetry;
using Weft.Telemetry.AccessLog;
using Weft.Telemetry.Metrics;
using Weft.Telemetry.Tracing;

namespace Weft.Benchmarks;

/// <summary>What a finished request costs in counting and logging.</summary>
[MemoryDiagnoser]
public class TelemetryBenchmarks
{
    private readonly byte[] _line = new byte[AccessLogFormat.MaxLineBytes];
    private readonly MetricShard _shard;
    private readonly IstioMetrics _metrics;
    private readonly SeriesCache _cache = new(1000);
    private RequestIdGenerator _ids = RequestIdGenerator.Create();

    public TelemetryBenchmarks()
    {
        var registry = new MetricRegistry();
        _shard = registry.AddShard();
        _metrics = new IstioMetrics(registry);
        _cache.Add(new SeriesKey(1, 200), _metrics.HttpSeries(new IstioLabels()));
    }

    [Benchmark]
    public void RecordRequest()
    {
        _cache.TryGet(new SeriesKey(1, 200), out int series);
        _metrics.RecordRequest(_shard, series, 1250, 420, 1300);
    }

    [Benchmark]
    public int FormatText()
    {
        AccessLogRecord record = Record();
        return AccessLogFormat.WriteText(record, _line);
    }

    [Benchmark]
    public int FormatJson()
    {
        AccessLogRecord record = Record();
        return AccessLogFormat.WriteJson(record, _line);
    }

    [Benchmark]
    public void WriteRequestId() => _ids.Write(_line);

    private static AccessLogRecord Record() => new()
    {
        StartTimeMicroseconds = 1606339578409_000,
        Method = "GET"u8,
        Path = "/v1/day"u8,
        Query = "?zone=north"u8,
        Protocol = "HTTP/1.1"u8,
        ResponseCode = 200,
        ResponseCodeDetails = ResponseCodeDetails.ViaUpstream,
        BytesSent = 1024,
        DurationMilliseconds = 4,
        UpstreamServiceTimeMilliseconds = 3,
        XForwardedFor = "10.244.0.17"u8,
        UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101"u8,
        RequestId = "84961386-6d84-429d-98bd-c5aee93b5c88"u8,
        Authority = "forecast.grid.svc.cluster.local:8080"u8,
        UpstreamHost = "10.244.0.12:8080"u8,
        UpstreamCluster = "outbound|8080|v2|forecast.grid.svc.cluster.local"u8,
        UpstreamLocalAddress = "10.244.0.11:43210"u8,
        DownstreamLocalAddress = "10.96.0.7:8080"u8,
        DownstreamRemoteAddress = "10.244.0.11:52044"u8,
        RouteName = "day"u8,
        UpstreamPeerUriSan = "spiffe://cluster.local/ns/grid/sa/forecast"u8,
        SnapshotDigest = "4bf92f3577b34da6a3ce929d0e0e4736"u8,
        Origin = "VirtualService/grid/forecast spec.http[0]"u8,
    };
}
