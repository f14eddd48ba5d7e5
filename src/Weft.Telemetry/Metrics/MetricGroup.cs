using System;
using System.Collections.Generic;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// Families that share their labels, so that one look-up finds the cells of all of them (four for each HTTP request). Made by
/// <see cref="MetricRegistry.AddGroup"/>; its series only grow, up to a limit.
/// </summary>
public sealed class MetricGroup
{
    private readonly Dictionary<string, int> _cells = new(StringComparer.Ordinal);
    private readonly List<MetricSeries> _series = [];

    internal MetricGroup(string[] labelNames, int maxSeries, MetricFamily[] families)
    {
        LabelNames = labelNames;
        MaxSeries = maxSeries;
        Families = families;
        foreach (MetricFamily family in families)
        {
            family.Offset = Cells;
            Cells += family.Cells;
        }
    }

    public IReadOnlyList<string> LabelNames { get; }

    public IReadOnlyList<MetricFamily> Families { get; }

    /// <summary>Label sets beyond this number are counted in one series whose labels all read <c>overflow</c>.</summary>
    public int MaxSeries { get; }

    internal int Cells { get; }

    internal bool IsFull => _series.Count >= MaxSeries;

    internal MetricSeries? Overflow { get; set; }

    internal bool TryGet(string key, out int cell) => _cells.TryGetValue(key, out cell);

    /// <summary>All series, the overflow last. Under the registry's lock.</summary>
    internal MetricSeries[] SeriesNow() => Overflow is null ? [.. _series] : [.. _series, Overflow];

    internal void Add(string key, MetricSeries series)
    {
        _cells.Add(key, series.Cell);
        _series.Add(series);
    }
}
