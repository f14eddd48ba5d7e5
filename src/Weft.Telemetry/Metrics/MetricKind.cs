namespace Weft.Telemetry.Metrics;

/// <summary>Prometheus' type of a family.</summary>
public enum MetricKind : byte
{
    Counter,

    /// <summary>Goes up and down; each loop holds its own part and the reader adds them up.</summary>
    Gauge,

    Histogram,
}
