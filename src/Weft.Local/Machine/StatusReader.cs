using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Control;
using Weft.Local.Pods;
using Weft.Store;

namespace Weft.Local.Machine;

/// <summary>Answers "how is the mesh?": pods from the store, figures scraped from each proxy through its admin socket when somebody asks.</summary>
public sealed class StatusReader(PodServices services, Kubelet kubelet, WeftdProcess weftd, Func<DirectoryState?> directory) : IDisposable
{
    private static readonly TimeSpan ScrapeTimeout = TimeSpan.FromMilliseconds(500);

    /// <summary>Two askers within this share one scrape, and rates are over no less.</summary>
    private static readonly TimeSpan ScrapeAge = TimeSpan.FromMilliseconds(800);

    private readonly SemaphoreSlim _scraping = new(1, 1);
    private readonly long _started = services.Clock.GetTimestamp();
    private (long At, Dictionary<string, TrafficFigures> Figures) _last = (0, []);
    private (long At, Dictionary<string, TrafficFigures> Figures) _before = (0, []);

    public void Dispose() => _scraping.Dispose();

    public async Task<MeshStatus> ReadAsync()
    {
        await ScrapeAsync();
        List<Resource<Pod>> pods = [.. services.Store.List(ObjectFilter.Of(Kinds.Pod)).Items.OfType<Resource<Pod>>()];
        List<PodStatusLine> lines = [.. pods.Select(Line).OrderBy(line => line.Namespace, StringComparer.Ordinal).ThenBy(line => line.Name, StringComparer.Ordinal)];
        List<WorkloadStatus> workloads = [.. Workloads(lines)];
        return new MeshStatus
        {
            Directory = services.Options.Paths.Directory,
            Mode = services.Options.IsRoot ? "root" : "rootless",
            UptimeSeconds = Math.Round(services.Clock.GetElapsedTime(_started).TotalSeconds, 1),
            WeftdRunning = weftd.IsRunning,
            WeftdRestarts = weftd.Restarts,
            Ready = weftd.IsRunning && directory() is not null && workloads.TrueForAll(workload => workload.Ready >= workload.Wanted),
            Doors = [.. services.Options.DoorAddresses.Select(door => new DoorStatus(door.Value, door.Key))],
            Workloads = workloads,
            Pods = lines,
            Diagnostics = [.. (directory()?.Diagnostics ?? []).Where(diagnostic => diagnostic.Severity != DiagnosticSeverity.Info).Select(diagnostic => diagnostic.ToString())],
            Notices = [.. services.Log.Notices],
        };
    }

    private PodStatusLine Line(Resource<Pod> pod)
    {
        PodRunner? runner = kubelet.Find(pod.Key);
        PodCondition? ready = pod.Spec.Status.Conditions.FirstOrDefault(condition => condition.Type == "Ready");
        string phase = pod.Metadata.DeletionTimestamp is null ? pod.Spec.Status.Phase : "Terminating";
        return new PodStatusLine(pod.Namespace, pod.Name, runner?.Identity.Workload ?? pod.Name, pod.Spec.Status.PodIP, phase,
            pod.Spec.Status.IsReady, ready?.Reason ?? string.Empty, runner?.Restarts ?? 0, runner?.Kind == PodKind.Sidecar);
    }

    private IEnumerable<WorkloadStatus> Workloads(List<PodStatusLine> lines)
    {
        Dictionary<string, int> wanted = services.Store.List(ObjectFilter.Of(Kinds.Deployment)).Items.OfType<Resource<Deployment>>()
            .ToDictionary(deployment => deployment.Namespace + "/" + deployment.Name, deployment => deployment.Spec.Replicas);
        IEnumerable<string> names = wanted.Keys.Concat(lines.Where(line => line.Phase is not ("Succeeded" or "Failed")).Select(line => line.Namespace + "/" + line.Workload)).Distinct().Order(StringComparer.Ordinal);
        foreach (string name in names)
        {
            List<PodStatusLine> own = [.. lines.Where(line => line.Namespace + "/" + line.Workload == name && line.Phase != "Terminating")];
            bool isGateway = kubelet.Pods.Any(pod => pod.Kind == PodKind.Router && pod.Identity.Namespace + "/" + pod.Identity.Workload == name);
            TrafficFigures now = _last.Figures.GetValueOrDefault(name) ?? new TrafficFigures();
            TrafficFigures before = _before.Figures.GetValueOrDefault(name) ?? new TrafficFigures();
            double seconds = TimeSpan.FromTicks((_last.At - _before.At) * TimeSpan.TicksPerSecond / services.Clock.TimestampFrequency).TotalSeconds;
            yield return new WorkloadStatus
            {
                Namespace = name.Split('/')[0],
                Name = name.Split('/')[1],
                Ready = own.Count(line => line.Ready),
                Wanted = wanted.GetValueOrDefault(name, own.Count),
                Restarts = own.Sum(line => line.Restarts),
                RequestsPerSecond = now.HasRequests && _before.At != 0 && seconds > 0 ? Math.Round(now.Requests(before) / seconds, 1) : null,
                ErrorShare = now.ErrorShare(before),
                P99Milliseconds = now.P99(before),
                // A gateway's clients are outside the mesh; what it sends on it counts as its upstreams' inbound.
                MutualTlsShare = isGateway ? null : now.MutualTlsShare(before),
            };
        }
    }

    private async Task ScrapeAsync()
    {
        await _scraping.WaitAsync();
        try
        {
            if (_last.At != 0 && services.Clock.GetElapsedTime(_last.At) < ScrapeAge)
            {
                return;
            }

            List<PodRunner> proxied = [.. kubelet.Pods.Where(pod => pod.Kind != PodKind.Plain && pod.Sandbox is not null)];
            string?[] scrapes = await Task.WhenAll(proxied.Select(ScrapeOneAsync));
            Dictionary<string, TrafficFigures> figures = [];
            foreach ((PodRunner pod, string? metrics) in proxied.Zip(scrapes))
            {
                if (metrics is not null)
                {
                    string workload = pod.Identity.Namespace + "/" + pod.Identity.Workload;
                    figures.TryAdd(workload, new TrafficFigures());
                    figures[workload].Add(pod.Identity.Name, metrics, pod.Kind == PodKind.Router);
                }
            }

            _before = _last;
            _last = (services.Clock.GetTimestamp(), figures);
        }
        finally
        {
            _scraping.Release();
        }
    }

    private async Task<string?> ScrapeOneAsync(PodRunner pod)
    {
        try
        {
            using HttpClient client = UnixHttp.Client(services.Options.Paths.AdminSocket(pod.Identity.Namespace, pod.Identity.Name), ScrapeTimeout);
            return await client.GetStringAsync(new Uri("stats/prometheus", UriKind.Relative));
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or IOException)
        {
            // It is starting, draining or gone: no figures this time.
            return null;
        }
    }
}
