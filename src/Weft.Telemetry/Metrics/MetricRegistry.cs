using System;
using System.Collections.Generic;
using System.Threading;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// All metrics of a process. Names and label sets are registered here under a lock, once each; counting happens in a <see cref="MetricShard"/>
/// of the counting loop and needs only the number that registration returned. Collecting adds the shards up.
/// Instruments of its own: <c>weft_metric_series_overflow_total</c>.
/// </summary>
public sealed class MetricRegistry
{
    /// <summary>Series of one group. 2,000: a sidecar with 100 peers of 4 response codes on both sides stays below half of it.</summary>
    public const int DefaultMaxSeries = 2000;

    private const char KeySeparator = '\u001f';

    private readonly Lock _lock = new();
    private readonly List<MetricGroup> _groups = [];
    private readonly List<MetricShard> _shards = [];
    private readonly List<FixedMetric> _fixed = [];
    private readonly AtomicCounter _overflows;
    private int _nextCell;

    public MetricRegistry() =>
        _overflows = AddCounter("weft_metric_series_overflow_total", "Label sets counted in an overflow series because their group was full.");

    /// <summary>A shard for one more thread that counts. At start only.</summary>
    public MetricShard AddShard()
    {
        var shard = new MetricShard();
        lock (_lock) _shards.Add(shard);
        return shard;
    }

    /// <summary>Families that share labels. At start only.</summary>
    /// <exception cref="ArgumentException">A series would need more cells than a chunk has.</exception>
    public MetricGroup AddGroup(string[] labelNames, int maxSeries, params MetricFamily[] families)
    {
        var group = new MetricGroup(labelNames, maxSeries, families);
        if (group.Cells > MetricShard.ChunkCells) throw new ArgumentException("A series of this group does not fit in a chunk of cells.", nameof(families));
        lock (_lock) _groups.Add(group);
        return group;
    }

    /// <summary>A counter or gauge without further ado: one family, fixed labels; returns its cell.</summary>
    public int AddSingle(MetricFamily family, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var names = new string[labels.Length];
        var values = new string[labels.Length];
        for (int i = 0; i < labels.Length; i++) (names[i], values[i]) = labels[i];
        return Series(AddGroup(names, 1, family), values);
    }

    /// <summary>A counter for threads that own no shard (discovery, DNS, admin). At start only.</summary>
    public AtomicCounter AddCounter(string name, string help, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var counter = new AtomicCounter();
        lock (_lock) _fixed.Add(new FixedMetric(name, help, MetricKind.Counter, labels.ToArray(), () => counter.Value));
        return counter;
    }

    /// <summary>A value asked for when somebody collects. <paramref name="read"/> runs on the collecting thread and must not block.</summary>
    public void AddGauge(string name, string help, Func<double> read, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_lock) _fixed.Add(new FixedMetric(name, help, MetricKind.Gauge, labels.ToArray(), read));
    }

    /// <summary>As <see cref="AddGauge"/>, for something that only grows and is counted elsewhere (collections of the garbage collector).</summary>
    public void AddCounter(string name, string help, Func<double> read, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        lock (_lock) _fixed.Add(new FixedMetric(name, help, MetricKind.Counter, labels.ToArray(), read));
    }

    /// <summary>
    /// The first cell of the series with these values, in the order of the group's label names; made if it is new. Locks and may allocate: ask once
    /// and remember the number (<see cref="SeriesCache"/>). A full group answers with its overflow series. Any thread.
    /// </summary>
    public int Series(MetricGroup group, ReadOnlySpan<string> labelValues)
    {
        if (labelValues.Length != group.LabelNames.Count) throw new ArgumentException("As many values as the group has labels.", nameof(labelValues));
        string key = string.Join(KeySeparator, labelValues);
        lock (_lock)
        {
            if (group.TryGet(key, out int cell)) return cell;
            if (!group.IsFull)
            {
                var series = new MetricSeries(labelValues.ToArray(), Allocate(group.Cells));
                group.Add(key, series);
                return series.Cell;
            }

            _overflows.Increment();
            group.Overflow ??= CreateOverflow(group);
            return group.Overflow.Cell;
        }
    }

    /// <summary>Sum over all shards. Any thread; may miss what is being counted at this moment.</summary>
    public long Read(int cell)
    {
        lock (_lock) return Sum(_shards, cell);
    }

    /// <summary>Everything, as seen now, to one visitor. The lock is held for copies of lists only: a loop that meets a new label set must not wait for a scrape.</summary>
    internal void Visit(IMetricVisitor visitor)
    {
        FixedMetric[] fixedMetrics;
        (MetricGroup Group, MetricSeries[] Series)[] groups;
        MetricShard[] shards;
        lock (_lock)
        {
            fixedMetrics = [.. _fixed];
            shards = [.. _shards];
            groups = new (MetricGroup, MetricSeries[])[_groups.Count];
            for (int i = 0; i < groups.Length; i++) groups[i] = (_groups[i], _groups[i].SeriesNow());
        }

        foreach (FixedMetric metric in fixedMetrics) visitor.Visit(metric);
        foreach ((MetricGroup group, MetricSeries[] series) in groups) visitor.Visit(group, series, cell => Sum(shards, cell));
    }

    private static long Sum(IEnumerable<MetricShard> shards, int cell)
    {
        long sum = 0;
        foreach (MetricShard shard in shards) sum += shard.Read(cell);
        return sum;
    }

    private MetricSeries CreateOverflow(MetricGroup group)
    {
        var values = new string[group.LabelNames.Count];
        Array.Fill(values, "overflow");
        return new MetricSeries(values, Allocate(group.Cells));
    }

    /// <summary>A series never crosses chunks, so that a shard finds all of it with one look-up.</summary>
    private int Allocate(int cells)
    {
        int left = MetricShard.ChunkCells - (_nextCell & (MetricShard.ChunkCells - 1));
        if (left < cells) _nextCell += left;
        int first = _nextCell;
        _nextCell += cells;
        return first;
    }
}
