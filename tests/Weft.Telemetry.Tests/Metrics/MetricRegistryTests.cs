using System.Linq;
using System.Threading;
using Weft.Telemetry.Metrics;

namespace Weft.Telemetry.Tests.Metrics;

public sealed class MetricRegistryTests
{
    private readonly MetricRegistry _registry = new();

    [Fact]
    public void Read_TwoLoopsCounting_IsTheirSum()
    {
        MetricShard one = _registry.AddShard();
        MetricShard two = _registry.AddShard();
        int cell = _registry.AddSingle(MetricFamily.Counter("weft_things_total", "Things."));
        one.Increment(cell);
        two.Add(cell, 41);
        Assert.Equal(42, _registry.Read(cell));
    }

    [Fact]
    public void Series_SameLabels_IsTheSameSeries()
    {
        MetricGroup group = _registry.AddGroup(["code", "peer"], 10, MetricFamily.Counter("a_total", "A."));
        int first = _registry.Series(group, ["200", "web"]);
        Assert.Equal(first, _registry.Series(group, ["200", "web"]));
        Assert.NotEqual(first, _registry.Series(group, ["20", "0web"]));
    }

    [Fact]
    public void Series_BeyondTheLimit_CountInTheOverflowSeriesAndAreSeen()
    {
        MetricShard shard = _registry.AddShard();
        MetricGroup group = _registry.AddGroup(["peer"], 2, MetricFamily.Counter("a_total", "A."));
        int kept = _registry.Series(group, ["p0"]);
        _registry.Series(group, ["p1"]);
        for (int i = 2; i < 100; i++) shard.Increment(_registry.Series(group, ["p" + i]));
        Assert.Equal(kept, _registry.Series(group, ["p0"]));

        string text = Exposition.Of(_registry);
        Assert.Contains("a_total{peer=\"overflow\"} 98\n", text, System.StringComparison.Ordinal);
        Assert.Contains("weft_metric_series_overflow_total 98\n", text, System.StringComparison.Ordinal);
        Assert.DoesNotContain("p2", text, System.StringComparison.Ordinal);
    }

    [Fact]
    public void Series_OfManyGroups_NeverShareCells()
    {
        MetricShard shard = _registry.AddShard();
        MetricGroup[] groups = [.. Enumerable.Range(0, 5).Select(i => _registry.AddGroup(["l"], 100, MetricFamily.Counter($"c{i}_total", "C."), MetricFamily.Histogram($"h{i}", "H.", HistogramBuckets.IstioBytes)))];
        int[] series = [.. Enumerable.Range(0, 500).Select(i => _registry.Series(groups[i % 5], ["v" + i]))];
        for (int i = 0; i < series.Length; i++) shard.Add(series[i], i + 1);
        for (int i = 0; i < series.Length; i++) Assert.Equal(i + 1, _registry.Read(series[i]));
    }

    [Fact]
    public void Read_WhileALoopCounts_NeverGoesBackAndEndsExact()
    {
        MetricShard shard = _registry.AddShard();
        int cell = _registry.AddSingle(MetricFamily.Counter("a_total", "A."));
        const int Counts = 2_000_000;
        var loop = new Thread(() =>
        {
            for (int i = 0; i < Counts; i++) shard.Increment(cell);
        });
        loop.Start();
        long last = 0;
        while (last < Counts)
        {
            long now = _registry.Read(cell);
            Assert.True(now >= last && now <= Counts);
            last = now;
        }

        loop.Join();
        Assert.Equal(Counts, _registry.Read(cell));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(500, 0)]
    [InlineData(501, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 2)]
    [InlineData(3_600_000_000, 18)]
    [InlineData(3_600_000_001, 19)]
    public void IndexOf_Microseconds_FallsIntoIstiosMilliseconds(long value, int bucket) => Assert.Equal(bucket, HistogramBuckets.IstioMilliseconds.IndexOf(value));

    [Fact]
    public void SeriesCache_AfterMoreKeysThanItHolds_StillAnswersRightOrNotAtAll()
    {
        var cache = new SeriesCache(16);
        for (uint i = 0; i < 1000; i++)
        {
            var key = new SeriesKey(i, i * 7);
            Assert.False(cache.TryGet(key, out _));
            cache.Add(key, (int)i);
            Assert.True(cache.TryGet(key, out int cell));
            Assert.Equal((int)i, cell);
        }

        for (uint i = 0; i < 1000; i++)
        {
            if (cache.TryGet(new SeriesKey(i, i * 7), out int cell)) Assert.Equal((int)i, cell);
        }
    }
}
