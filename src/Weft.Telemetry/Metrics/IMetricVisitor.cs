using System;

namespace Weft.Telemetry.Metrics;

/// <summary>What an exposition format implements.</summary>
internal interface IMetricVisitor
{
    void Visit(FixedMetric metric);

    /// <param name="group">Names and families.</param>
    /// <param name="series">The series it has now.</param>
    /// <param name="read">Sum of a cell over all shards.</param>
    void Visit(MetricGroup group, MetricSeries[] series, Func<int, long> read);
}
