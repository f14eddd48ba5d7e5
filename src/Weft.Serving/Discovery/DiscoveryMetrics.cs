using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Threading;
using Weft.Control.Derivation;

namespace Weft.Serving.Discovery;

/// <summary>
/// The control plane's own numbers, under Istio's names where it has them: pilot_xds_pushes, pilot_total_xds_rejects, pilot_proxy_convergence_time, pilot_xds (from the registry), citadel_server_csr_count and
/// citadel_server_success_cert_issuance_count. Any thread.
/// </summary>
public sealed class DiscoveryMetrics
{
    /// <summary>Upper bounds in seconds; Istio's start at 100 ms, which is where our target ends.</summary>
    private static readonly double[] Bounds = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3, 5, 10, 30];

    private readonly ConcurrentDictionary<string, long> _pushes = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _rejects = new(StringComparer.Ordinal);
    private readonly long[] _convergence = new long[Bounds.Length + 1];
    private double _convergenceSum;
    private long _requestedCertificates;
    private long _issuedCertificates;

    public void Pushed(string typeUrl) => _pushes.AddOrUpdate(XdsTypes.ShortName(typeUrl), 1, (_, n) => n + 1);

    public void Rejected(string typeUrl) => _rejects.AddOrUpdate(XdsTypes.ShortName(typeUrl), 1, (_, n) => n + 1);

    public void Converged(TimeSpan sincePublished)
    {
        double seconds = sincePublished.TotalSeconds;
        int bucket = Array.FindIndex(Bounds, b => seconds <= b);
        lock (_convergence)
        {
            _convergence[bucket < 0 ? Bounds.Length : bucket]++;
            _convergenceSum += seconds;
        }
    }

    public void CertificateRequested(bool isIssued)
    {
        Interlocked.Increment(ref _requestedCertificates);
        if (isIssued)
        {
            Interlocked.Increment(ref _issuedCertificates);
        }
    }

    /// <summary>Prometheus text.</summary>
    public void Write(StringBuilder text)
    {
        foreach ((string type, long count) in _pushes)
        {
            Line(text, $"pilot_xds_pushes{{type=\"{type.ToLowerInvariant()}\"}}", count);
        }

        foreach ((string type, long count) in _rejects)
        {
            Line(text, $"pilot_total_xds_rejects{{type=\"{type.ToLowerInvariant()}\"}}", count);
        }

        lock (_convergence)
        {
            long total = 0;
            for (int i = 0; i < _convergence.Length; i++)
            {
                total += _convergence[i];
                string bound = i < Bounds.Length ? Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
                Line(text, $"pilot_proxy_convergence_time_bucket{{le=\"{bound}\"}}", total);
            }

            text.Append(CultureInfo.InvariantCulture, $"pilot_proxy_convergence_time_sum {_convergenceSum}\n");
            Line(text, "pilot_proxy_convergence_time_count", total);
        }

        Line(text, "citadel_server_csr_count", Interlocked.Read(ref _requestedCertificates));
        Line(text, "citadel_server_success_cert_issuance_count", Interlocked.Read(ref _issuedCertificates));
    }

    internal static void Line(StringBuilder text, string series, long value) => text.Append(series).Append(' ').Append(value.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
