namespace Weft.Telemetry.Metrics;

/// <summary>One set of label values and its first cell.</summary>
internal sealed record MetricSeries(string[] LabelValues, int Cell);
