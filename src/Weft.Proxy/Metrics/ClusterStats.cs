using Weft.Proxy.Workers;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>Counts for one cluster on one loop: <see cref="ClusterMetrics"/> with the series already found. Loop thread only.</summary>
internal sealed class ClusterStats(Worker worker, ClusterMetrics metrics, int series)
{
    public void Count(MetricFamily family) => worker.Shard.Increment(series + family.Offset);

    public ClusterMetrics Metrics => metrics;
}
