using System;
using System.Globalization;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// Upper bounds of a histogram and the unit that values are recorded in. Values are whole numbers on the hot path (microseconds, bytes);
/// bounds are exposed in the unit of the metric's name (milliseconds, bytes).
/// </summary>
public sealed class HistogramBuckets
{
    private readonly long[] _bounds;
    private readonly string[] _labels;

    /// <param name="unitsPerBound">Recorded units in one of the bounds' units: 1,000 for microseconds in milliseconds.</param>
    /// <param name="bounds">Ascending, without +Inf.</param>
    public HistogramBuckets(int unitsPerBound, params ReadOnlySpan<double> bounds)
    {
        UnitsPerBound = unitsPerBound;
        _bounds = new long[bounds.Length];
        _labels = new string[bounds.Length + 1];
        for (int i = 0; i < bounds.Length; i++)
        {
            _bounds[i] = (long)Math.Floor(bounds[i] * unitsPerBound);
            _labels[i] = bounds[i].ToString("R", CultureInfo.InvariantCulture);
        }

        _labels[^1] = "+Inf";
    }

    /// <summary>Istio's buckets for all its histograms (reference istio.md §7), in milliseconds, recorded in microseconds.</summary>
    public static HistogramBuckets IstioMilliseconds { get; } = Istio(1000);

    /// <summary>The same bounds, in bytes.</summary>
    public static HistogramBuckets IstioBytes { get; } = Istio(1);

    public int UnitsPerBound { get; }

    /// <summary>Number of buckets with +Inf.</summary>
    public int Count => _labels.Length;

    /// <summary>Text of the <c>le</c> label.</summary>
    public string Label(int bucket) => _labels[bucket];

    /// <summary>The bucket a recorded value falls into. At most five comparisons for Istio's nineteen bounds.</summary>
    public int IndexOf(long value)
    {
        int low = 0;
        int high = _bounds.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (_bounds[middle] < value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private static HistogramBuckets Istio(int unitsPerBound) => new(
        unitsPerBound,
        0.5, 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 600000, 1800000, 3600000);
}
