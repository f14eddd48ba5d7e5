using System;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Weft.Proxy.Lifecycle;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Admin;

/// <summary>
/// Envoy's admin interface as far as a person, the CLI and Istio's tools ask for it. On TCP 15000, which every process of the pod reaches, it only
/// reads; what changes the proxy needs the Unix socket outside the workload's mount namespace. No answer ever holds a key.
/// </summary>
internal sealed class AdminHandler(ProxyHost host)
{
    private static readonly (string Path, string Verb, string Help)[] Paths =
    [
        ("/ready", "GET", "LIVE, or why not"),
        ("/server_info", "GET", "version, state, uptime, node"),
        ("/stats", "GET", "counters (?filter=REGEX, ?usedonly, ?format=prometheus|json)"),
        ("/stats/prometheus", "GET", "the same for Prometheus"),
        ("/clusters", "GET", "clusters and endpoints with their counts (?format=json)"),
        ("/listeners", "GET", "open sockets (?format=json)"),
        ("/config_dump", "GET", "the configuration in force (?include_eds)"),
        ("/certs", "GET", "certificates in use; never keys"),
        ("/decisions", "GET", "recent decisions (?request_id=ID)"),
        ("/memory", "GET", "memory and garbage collection"),
        ("/discovery", "GET", "how discovery is doing"),
        ("/help", "GET", "this list"),
        ("/drain_listeners", "POST", "take nothing new from outside (?graceful: answers say close, sockets stay)"),
        ("/healthcheck/fail", "POST", "fail readiness"),
        ("/healthcheck/ok", "POST", "undo that"),
        ("/logging", "POST", "show or set the log level"),
        ("/reset_counters", "POST", "forget the longest garbage collection pause"),
        ("/quitquitquit", "POST", "end the process"),
    ];

    private string _level = "info";

    public void Handle(SideRequest request, SideResponse response)
    {
        var known = Array.Find(Paths, p => p.Path == request.Path);
        if (known.Path is null && request.Path != "/")
        {
            response.Plain(404, $"'{request.Path}' is not an admin path; see /help\n");
            return;
        }
        if (request.Method == "POST" && !request.MayChange)
        {
            response.Plain(403, "This address only reads: any process of the pod can reach it. What changes the proxy goes through its Unix socket (--admin-socket), which workloads cannot see.\n");
            return;
        }
        if (known.Verb == "POST" && request.Method != "POST")
        {
            response.Plain(405, $"Method {request.Method} not allowed, POST required.\n");
            return;
        }
        Answer(request, response);
    }

    /// <summary>Port 15021.</summary>
    public void HandleStatus(SideRequest request, SideResponse response)
    {
        if (request.Path is not ("/healthz/ready" or "/ready")) response.Plain(404, "ask for /healthz/ready\n");
        else Ready(response);
    }

    /// <summary>Port 15090.</summary>
    public void HandleMetrics(SideRequest request, SideResponse response)
    {
        if (request.Path is not ("/stats/prometheus" or "/metrics")) response.Plain(404, "ask for /stats/prometheus\n");
        else Prometheus(response);
    }

    private void Answer(SideRequest request, SideResponse response)
    {
        switch (request.Path)
        {
            case "/ready": Ready(response); return;
            case "/server_info": ServerInfo(response); return;
            case "/stats": Stats(request, response); return;
            case "/stats/prometheus": Prometheus(response); return;
            case "/clusters": ClusterPage.Write(host, request.Parameter("format") == "json", response); return;
            case "/listeners": Listeners(request, response); return;
            case "/config_dump": ConfigPage.Write(host, request, response); return;
            case "/certs": CertificatePage.Write(host, response); return;
            case "/decisions": DecisionPage.Write(host, request.Parameter("request_id") ?? "", response); return;
            case "/memory": Memory(response); return;
            case "/discovery": Discovery(response); return;
            case "/drain_listeners":
                // Graceful: connections end with their answers and readiness fails, but the sockets stay (Envoy's word for it).
                host.BeginDrain(stopAccepting: request.Parameter("graceful") is null);
                response.Write("OK\n");
                return;
            case "/healthcheck/fail":
                host.Health.FailByHand();
                response.Write("OK\n");
                return;
            case "/healthcheck/ok":
                host.Health.RecoverByHand();
                response.Write("OK\n");
                return;
            case "/reset_counters":
                host.Pauses.Reset();
                response.Write("OK\n");
                return;
            case "/quitquitquit":
                response.Write("OK\n");
                host.RequestQuit();
                return;
            case "/logging": Logging(request, response); return;
            default: Help(response); return;
        }
    }

    private void Ready(SideResponse response)
    {
        if (host.Health.IsReady)
        {
            response.Write("LIVE\n");
            return;
        }
        string state = host.Health.State switch
        {
            ServerState.Draining => "DRAINING",
            ServerState.PreInitializing => "PRE_INITIALIZING",
            _ => "INITIALIZING",
        };
        response.Plain(503, $"{state}: {host.Health.Reason}\n");
    }

    private static void Help(SideResponse response)
    {
        foreach (var (path, verb, help) in Paths) response.WriteLine($"  {path,-20} {verb,-4} {help}");
    }

    private void Prometheus(SideResponse response)
    {
        response.ContentType = PrometheusText.ContentType;
        PrometheusText.Write(host.Process.Registry, response.Body);
    }

    private void Stats(SideRequest request, SideResponse response)
    {
        if (request.Parameter("format") == "prometheus")
        {
            Prometheus(response);
            return;
        }
        var lines = StatsPage.Lines(host, request.Parameter("filter"), request.Parameter("usedonly") is not null, out string? problem);
        if (problem is not null)
        {
            response.Plain(400, problem);
            return;
        }
        if (request.Parameter("format") != "json")
        {
            foreach (var (name, value) in lines) response.WriteLine($"{name}: {value}");
            return;
        }
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body);
        json.WriteStartObject();
        json.WriteStartArray("stats");
        foreach (var (name, value) in lines)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteNumber("value", value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Listeners(SideRequest request, SideResponse response)
    {
        var sockets = host.Listeners.Describe();
        if (request.Parameter("format") != "json")
        {
            foreach (var (name, address) in sockets) response.WriteLine($"{name}::{address}");
            return;
        }
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body);
        json.WriteStartObject();
        json.WriteStartArray("listener_statuses");
        foreach (var (name, address) in sockets)
        {
            int colon = address.LastIndexOf(':');
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteStartObject("local_address");
            json.WriteStartObject("socket_address");
            json.WriteString("address", address[..colon]);
            json.WriteNumber("port_value", int.Parse(address.AsSpan(colon + 1), CultureInfo.InvariantCulture));
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void ServerInfo(SideResponse response)
    {
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        string uptime = $"{(long)(DateTime.Now - System.Diagnostics.Process.GetCurrentProcess().StartTime).TotalSeconds}s";
        json.WriteStartObject();
        json.WriteString("version", $"weft/{typeof(AdminHandler).Assembly.GetName().Version?.ToString(3)}");
        json.WriteString("state", host.Health.State switch
        {
            ServerState.Live => "LIVE",
            ServerState.Draining => "DRAINING",
            ServerState.PreInitializing => "PRE_INITIALIZING",
            _ => "INITIALIZING",
        });
        json.WriteString("uptime_current_epoch", uptime);
        json.WriteString("uptime_all_epochs", uptime);
        json.WriteString("snapshot_digest", host.Snapshots.Current.Digest);
        json.WriteStartObject("command_line_options");
        json.WriteNumber("concurrency", host.Options.Loops);
        json.WriteNumber("drain_time", host.Options.DrainSeconds);
        json.WriteEndObject();
        json.WriteStartObject("node");
        json.WriteString("id", host.Options.NodeId);
        json.WriteStartObject("metadata");
        json.WriteString("NAMESPACE", host.Options.Namespace);
        json.WriteString("NAME", host.Options.Pod);
        json.WriteString("SERVICE_ACCOUNT", host.Options.ServiceAccount);
        json.WriteString("WORKLOAD_NAME", host.Options.Owner);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void Memory(SideResponse response)
    {
        var info = GC.GetGCMemoryInfo(GCKind.Any);
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("allocated", GC.GetTotalMemory(false).ToString(CultureInfo.InvariantCulture));
        json.WriteString("heap_size", info.HeapSizeBytes.ToString(CultureInfo.InvariantCulture));
        json.WriteString("total_physical_bytes", Environment.WorkingSet.ToString(CultureInfo.InvariantCulture));
        json.WriteString("slab_bytes_in_use", host.Workers.Sum(w => w.Loop.Slabs.BytesInUse).ToString(CultureInfo.InvariantCulture));
        json.WriteString("gc_allocated_bytes_total", GC.GetTotalAllocatedBytes().ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("gc_pause_seconds_total", GC.GetTotalPauseDuration().TotalSeconds);
        json.WriteNumber("gc_pause_max_seconds", host.Pauses.Longest.TotalSeconds);
        json.WriteStartArray("gc_collections_total");
        for (int generation = 0; generation <= GC.MaxGeneration; generation++) json.WriteNumberValue(GC.CollectionCount(generation));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Discovery(SideResponse response)
    {
        response.ContentType = "application/json";
        using var json = new Utf8JsonWriter(response.Body, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        if (host.Discovery is { } status)
        {
            json.WriteBoolean("connected", status.IsConnected);
            json.WriteString("digest", status.Digest);
            json.WriteString("last_push", status.LastPush);
            json.WriteString("last_rejection", status.LastRejection);
            json.WriteString("last_error", status.LastError);
            json.WriteNumber("pushes_accepted", status.PushesAccepted);
            json.WriteNumber("pushes_rejected", status.PushesRejected);
            json.WriteNumber("connects", status.Connects);
            json.WriteString("certificate_not_after", status.CertificateNotAfter);
        }
        json.WriteEndObject();
    }

    private void Logging(SideRequest request, SideResponse response)
    {
        string[] levels = ["trace", "debug", "info", "warning", "error", "critical", "off"];
        if (request.Parameter("level") is { } level)
        {
            if (!levels.Contains(level))
            {
                response.Plain(400, $"level must be one of {string.Join(", ", levels)}\n");
                return;
            }
            _level = level;
            host.SetLogLevel(Array.IndexOf(levels, level));
        }
        response.Write("active loggers:\n").WriteLine($"  proxy: {_level}");
    }
}
