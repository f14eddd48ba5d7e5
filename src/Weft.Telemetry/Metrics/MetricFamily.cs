namespace Weft.Telemetry.Metrics;

/// <summary>One exposed metric name: its type, what it says, and where its cells lie in a series of its group.</summary>
public sealed class MetricFamily
{
    private MetricFamily(string name, string help, MetricKind kind, HistogramBuckets? buckets)
    {
        Name = name;
        Help = help;
        Kind = kind;
        Buckets = buckets;
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Set for histograms.</summary>
    public HistogramBuckets? Buckets { get; }

    /// <summary>Offset of its first cell within a series. Set when the family joins its group.</summary>
    public int Offset { get; internal set; }

    /// <summary>A histogram has one cell for each bucket and one for the sum of the recorded values.</summary>
    internal int Cells => Buckets is null ? 1 : Buckets.Count + 1;

    public static MetricFamily Counter(string name, string help) => new(name, help, MetricKind.Counter, null);

    public static MetricFamily Gauge(string name, string help) => new(name, help, MetricKind.Gauge, null);

    public static MetricFamily Histogram(string name, string help, HistogramBuckets buckets) => new(name, help, MetricKind.Histogram, buckets);
}
