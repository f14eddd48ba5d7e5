using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Weft.Telemetry.Metrics;

/// <summary>
/// The text exposition format 0.0.4. Runs on the collecting thread, not on a loop; counting goes on meanwhile.
/// </summary>
public static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static void Write(MetricRegistry registry, IBufferWriter<byte> destination) => registry.Visit(new Writer(destination));

    private sealed class Writer(IBufferWriter<byte> destination) : IMetricVisitor
    {
        private readonly HashSet<string> _announced = new(StringComparer.Ordinal);
        private readonly StringBuilder _line = new();

        public void Visit(FixedMetric metric)
        {
            Announce(metric.Name, metric.Help, metric.Kind);
            _line.Append(metric.Name);
            if (metric.Labels.Length > 0)
            {
                _line.Append('{');
                foreach ((string name, string value) in metric.Labels) Label(name, value);
                CloseLabels();
            }

            _line.Append(' ').Append(Number(metric.Read()));
            Flush();
        }

        public void Visit(MetricGroup group, MetricSeries[] series, Func<int, long> read)
        {
            foreach (MetricFamily family in group.Families)
            {
                Announce(family.Name, family.Help, family.Kind);
                foreach (MetricSeries one in series) Write(group, family, one, read);
            }
        }

        private void Write(MetricGroup group, MetricFamily family, MetricSeries series, Func<int, long> read)
        {
            int cell = series.Cell + family.Offset;
            if (family.Buckets is { } buckets)
            {
                WriteHistogram(group, family.Name, buckets, series, cell, read);
                return;
            }

            Name(group, family.Name, series, le: null);
            _line.Append(read(cell));
            Flush();
        }

        private void WriteHistogram(MetricGroup group, string name, HistogramBuckets buckets, MetricSeries series, int cell, Func<int, long> read)
        {
            long count = 0;
            for (int i = 0; i < buckets.Count; i++)
            {
                count += read(cell + i);
                Name(group, name + "_bucket", series, buckets.Label(i));
                _line.Append(count);
                Flush();
            }

            Name(group, name + "_sum", series, le: null);
            _line.Append(Number((double)read(cell + buckets.Count) / buckets.UnitsPerBound));
            Flush();
            Name(group, name + "_count", series, le: null);
            _line.Append(count);
            Flush();
        }

        private void Name(MetricGroup group, string name, MetricSeries series, string? le)
        {
            _line.Append(name);
            if (series.LabelValues.Length > 0 || le is not null)
            {
                _line.Append('{');
                for (int i = 0; i < series.LabelValues.Length; i++) Label(group.LabelNames[i], series.LabelValues[i]);
                if (le is not null) Label("le", le);
                CloseLabels();
            }

            _line.Append(' ');
        }

        private void Announce(string name, string help, MetricKind kind)
        {
            // The same name may come from several registrations with other labels; it is announced once.
            if (!_announced.Add(name)) return;
            _line.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal));
            Flush();
            _line.Append("# TYPE ").Append(name).Append(' ').Append(kind switch
            {
                MetricKind.Counter => "counter",
                MetricKind.Gauge => "gauge",
                _ => "histogram",
            });
            Flush();
        }

        private void Label(string name, string value)
        {
            _line.Append(name).Append("=\"");
            foreach (char c in value)
            {
                if (c == '\n') _line.Append("\\n");
                else if (c is '"' or '\\') _line.Append('\\').Append(c);
                else _line.Append(c);
            }

            _line.Append("\",");
        }

        private void CloseLabels() => _line[^1] = '}';

        private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

        private void Flush()
        {
            _line.Append('\n');
            foreach (ReadOnlyMemory<char> chunk in _line.GetChunks()) Encoding.UTF8.GetBytes(chunk.Span, destination);
            _line.Clear();
        }
    }
}
