using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Weft.Local.Control;

/// <summary>One question to a running machine: a line of JSON on its control socket.</summary>
public sealed record ControlRequest
{
    /// <summary>status, down, run, exec, signal.</summary>
    public required string Verb { get; init; }

    /// <summary>run: where it lives.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>run: its identity.</summary>
    public string ServiceAccount { get; init; } = "default";

    public Dictionary<string, string> Labels { get; init; } = [];

    /// <summary>run: no proxy, no redirection.</summary>
    public bool NoSidecar { get; init; }

    /// <summary>exec: <c>web</c>, <c>web.grid</c> or <c>deploy/web</c> (with <see cref="Namespace"/>).</summary>
    public string Target { get; init; } = string.Empty;

    public List<string> Command { get; init; } = [];

    /// <summary>run and exec: what the terminal needs (TERM).</summary>
    public Dictionary<string, string> Environment { get; init; } = [];

    /// <summary>signal: its number.</summary>
    public int Signal { get; init; }
}

/// <summary>One line of an answer.</summary>
public sealed record ControlReply
{
    /// <summary>Why it was refused; null when it was not.</summary>
    public string? Error { get; init; }

    /// <summary>run, exec: the pod it runs in.</summary>
    public string? Pod { get; init; }

    /// <summary>run, exec: it has ended so.</summary>
    public int? Exit { get; init; }

    public MeshStatus? Status { get; init; }
}

/// <summary>What <c>weft up</c> shows: one mesh at one moment. The shape of <c>weft up -o json</c>; documented in docs/cli.md.</summary>
public sealed record MeshStatus
{
    public required string Directory { get; init; }

    /// <summary>root or rootless.</summary>
    public required string Mode { get; init; }

    /// <summary>Seconds since the machine started.</summary>
    public double UptimeSeconds { get; init; }

    public bool WeftdRunning { get; init; }

    public int WeftdRestarts { get; init; }

    /// <summary>Every pod that is wanted is there and ready.</summary>
    public bool Ready { get; init; }

    public List<DoorStatus> Doors { get; init; } = [];

    public List<WorkloadStatus> Workloads { get; init; } = [];

    public List<PodStatusLine> Pods { get; init; } = [];

    /// <summary>Problems of the manifests, as file:line:column: severity: message.</summary>
    public List<string> Diagnostics { get; init; } = [];

    /// <summary>What is not honoured, said once.</summary>
    public List<string> Notices { get; init; } = [];
}

/// <summary>A port of the host that leads to the ingress gateway.</summary>
public sealed record DoorStatus(string Address, int GatewayPort);

/// <summary>One workload over all its pods.</summary>
public sealed record WorkloadStatus
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public int Ready { get; init; }

    public int Wanted { get; init; }

    public int Restarts { get; init; }

    /// <summary>Over the last seconds; null when its proxies count no HTTP requests.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>Share of 5xx and failed requests, 0 to 1.</summary>
    public double? ErrorShare { get; init; }

    /// <summary>Upper bound of the histogram bucket that holds the 99th percentile.</summary>
    public double? P99Milliseconds { get; init; }

    /// <summary>Share of inbound requests and connections under mutual TLS, 0 to 1; null when there were none.</summary>
    public double? MutualTlsShare { get; init; }
}

/// <summary>One pod.</summary>
public sealed record PodStatusLine(string Namespace, string Name, string Workload, string Address, string Phase, bool Ready, string Reason, int Restarts, bool Sidecar);

/// <summary>Generated JSON for the control protocol: no reflection, so that it survives Native AOT.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
[JsonSerializable(typeof(MeshStatus))]
public sealed partial class ControlJson : JsonSerializerContext;
