using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Weft.Local.Machine;

/// <summary>
/// What the proxies of one workload counted between two scrapes, as a person wants it: rate, errors, p99, share of mutual TLS.
/// Pure: counters in, figures out. Only what a workload received counts (reporter="destination"; a gateway: what it sent).
/// </summary>
public sealed class TrafficFigures
{
    private readonly Dictionary<string, double> _counters = [];

    /// <summary>Adds one proxy's scrape.</summary>
    public void Add(string pod, string metrics, bool isGateway)
    {
        string reporter = isGateway ? "source" : "destination";
        foreach (PrometheusSample sample in PrometheusSample.Parse(metrics, "istio_"))
        {
            if (sample.Labels.GetValueOrDefault("reporter") != reporter)
            {
                continue;
            }

            string? key = sample.Name switch
            {
                "istio_requests_total" => $"requests {(IsError(sample) ? "bad" : "good")} {Security(sample)}",
                "istio_tcp_connections_opened_total" => $"tcp {Security(sample)}",
                "istio_request_duration_milliseconds_bucket" => $"le {sample.Labels.GetValueOrDefault("le")}",
                _ => null,
            };
            if (key is not null)
            {
                _counters[pod + "\n" + key] = _counters.GetValueOrDefault(pod + "\n" + key) + sample.Value;
            }
        }
    }

    /// <summary>Requests since <paramref name="before"/>; a proxy that started anew in between counts from zero.</summary>
    public double Requests(TrafficFigures before) => Sum(before, "requests ");

    /// <summary>Whether any request was ever counted.</summary>
    public bool HasRequests => _counters.Any(counter => KeyOf(counter.Key).StartsWith("requests ", StringComparison.Ordinal));

    /// <summary>Share of failed requests, or null when there were none at all.</summary>
    public double? ErrorShare(TrafficFigures before) => Requests(before) is > 0 and var all ? Sum(before, "requests bad") / all : null;

    /// <summary>Share of requests and connections that came under mutual TLS; over the whole life when nothing came lately.</summary>
    public double? MutualTlsShare(TrafficFigures before)
    {
        double secure = Sum(before, "requests good mutual_tls") + Sum(before, "requests bad mutual_tls") + Sum(before, "tcp mutual_tls");
        double all = Requests(before) + Sum(before, "tcp ");
        TrafficFigures nothing = new();
        return all > 0 ? secure / all : ReferenceEquals(before, this) || before._counters.Count == 0 ? null : MutualTlsShare(nothing);
    }

    /// <summary>Upper bound, in milliseconds, of the bucket in which the 99th percentile lies; null without requests.</summary>
    public double? P99(TrafficFigures before)
    {
        List<(double Bound, double Count)> buckets =
        [
            .. _counters.Where(counter => KeyOf(counter.Key).StartsWith("le ", StringComparison.Ordinal))
                .GroupBy(counter => KeyOf(counter.Key)[3..])
                .Select(group => (BoundOf(group.Key), group.Sum(counter => Delta(before, counter.Key, counter.Value))))
                .OrderBy(bucket => bucket.Item1),
        ];
        double all = buckets.Count == 0 ? 0 : buckets[^1].Count;
        if (all <= 0)
        {
            return null;
        }

        foreach ((double bound, double count) in buckets)
        {
            if (count >= all * 0.99)
            {
                return double.IsPositiveInfinity(bound) && buckets.Count > 1 ? buckets[^2].Bound : bound;
            }
        }

        return buckets[^1].Bound;
    }

    private double Sum(TrafficFigures before, string prefix) =>
        _counters.Where(counter => KeyOf(counter.Key).StartsWith(prefix, StringComparison.Ordinal)).Sum(counter => Delta(before, counter.Key, counter.Value));

    private static double Delta(TrafficFigures before, string key, double value)
    {
        double old = before._counters.GetValueOrDefault(key);
        return value >= old ? value - old : value;
    }

    private static string KeyOf(string counter) => counter[(counter.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    private static double BoundOf(string text) => text == "+Inf" ? double.PositiveInfinity : double.Parse(text, CultureInfo.InvariantCulture);

    private static bool IsError(PrometheusSample sample) => sample.Labels.GetValueOrDefault("response_code") is { } code && (code.StartsWith('5') || code == "0");

    private static string Security(PrometheusSample sample) => sample.Labels.GetValueOrDefault("connection_security_policy") ?? "unknown";
}
