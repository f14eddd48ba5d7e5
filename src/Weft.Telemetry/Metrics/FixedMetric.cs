using System;

namespace Weft.Telemetry.Metrics;

/// <summary>A metric whose value is asked for when somebody collects.</summary>
internal sealed record FixedMetric(string Name, string Help, MetricKind Kind, (string Name, string Value)[] Labels, Func<double> Read);
