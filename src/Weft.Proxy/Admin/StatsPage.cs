using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Weft.Proxy.Lifecycle;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Admin;

/// <summary>/stats: every sample as one line under its Prometheus name, and under Envoy's own names those that Istio's tools grep for.</summary>
internal static class StatsPage
{
    private static readonly TimeSpan FilterPatience = TimeSpan.FromSeconds(1);

    public static List<(string Name, double Value)> Lines(ProxyHost host, string? filter, bool usedOnly, out string? problem)
    {
        problem = null;
        Regex? regex = null;
        if (!string.IsNullOrEmpty(filter))
        {
            try
            {
                // Interpreted and with a time limit: the asker is trusted to read, not to spin.
                regex = new Regex(filter, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, FilterPatience);
            }
            catch (Exception error) when (error is ArgumentException or NotSupportedException)
            {
                problem = $"filter: {error.Message}\n";
                return [];
            }
        }
        var lines = new List<(string, double)>();
        void Add(string name, double value)
        {
            if ((!usedOnly || value != 0 || name.StartsWith("server.", StringComparison.Ordinal)) && (regex is null || regex.IsMatch(name))) lines.Add((name, value));
        }

        Add("server.state", (int)host.Health.State);
        Add("server.live", host.Health.IsReady ? 1 : 0);
        Add("server.concurrency", host.Options.Loops);
        Add("listener_manager.workers_started", host.Health.HasStarted ? 1 : 0);
        Add("cluster_manager.cds.update_success", host.Snapshots.Current.Revision);
        Add("cluster_manager.cds.update_rejected", host.Discovery?.PushesRejected ?? 0);
        Add("listener_manager.lds.update_success", host.Snapshots.Current.Revision);
        Add("listener_manager.lds.update_rejected", host.Discovery?.PushesRejected ?? 0);
        Add("cluster_manager.active_clusters", host.Snapshots.Current.Count(Policy.Blocks.BlockKind.Cluster));

        var text = new ArrayBufferWriter<byte>(64 * 1024);
        PrometheusText.Write(host.Process.Registry, text);
        foreach (string line in Encoding.UTF8.GetString(text.WrittenSpan).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == '#') continue;
            int space = line.LastIndexOf(' ');
            if (double.TryParse(line.AsSpan(space + 1), CultureInfo.InvariantCulture, out double value)) Add(line[..space], value);
        }
        return lines;
    }
}
