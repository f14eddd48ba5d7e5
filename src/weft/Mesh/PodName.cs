using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Weft.CommandLine.Output;
using Weft.Local;

namespace Weft.CommandLine.Mesh;

/// <summary>A pod, found by what people type: <c>web-5d9c.grid</c>, <c>web.grid</c> (any pod of that workload), <c>deploy/web -n grid</c>, <c>pod/web-5d9c.grid</c>.</summary>
internal readonly record struct PodName(string Namespace, string Name)
{
    public override string ToString() => $"{Name}.{Namespace}";

    /// <exception cref="CommandException">No such pod; names those there are.</exception>
    public static async Task<PodName> ResolveAsync(MeshPaths mesh, string text, string? ns, CancellationToken cancellation)
    {
        using SocketClient api = new(mesh.ApiSocket, "the mesh");
        using JsonDocument pods = await api.GetJsonAsync("/api/v1/pods", cancellation);
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string name = text[(slash + 1)..];
        int dot = name.LastIndexOf('.');
        (string wanted, string within) = dot > 0 ? (name[..dot], name[(dot + 1)..]) : (name, ns ?? "default");
        List<JsonElement> here = [.. pods.RootElement.List("items").Where(pod => pod.Text("metadata.namespace") == within)];
        bool workloadOnly = slash > 0 && !text.StartsWith("pod", StringComparison.Ordinal);
        JsonElement found = here.FirstOrDefault(pod => !workloadOnly && pod.Text("metadata.name") == wanted);
        if (found.ValueKind == JsonValueKind.Undefined)
        {
            found = here.Where(pod => Workload(pod) == wanted).OrderByDescending(IsReady).FirstOrDefault();
        }

        return found.ValueKind == JsonValueKind.Undefined
            ? throw new CommandException($"no pod or workload '{wanted}' in namespace '{within}'. There are: {string.Join(", ", pods.RootElement.List("items").Select(pod => $"{pod.Text("metadata.name")}.{pod.Text("metadata.namespace")}"))}")
            : new(within, found.Text("metadata.name"));
    }

    private static bool IsReady(JsonElement pod) =>
        pod.List("status.conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    /// <summary>The Deployment behind a pod: the ReplicaSet that owns it without its hash.</summary>
    private static string Workload(JsonElement pod)
    {
        JsonElement owner = pod.List("metadata.ownerReferences").FirstOrDefault();
        string name = owner.ValueKind == JsonValueKind.Undefined ? pod.Text("metadata.name") : owner.Text("name");
        string hash = pod.At("metadata.labels") is { ValueKind: JsonValueKind.Object } labels && labels.TryGetProperty("pod-template-hash", out JsonElement value) ? "-" + value.GetString() : "";
        return owner.ValueKind != JsonValueKind.Undefined && owner.Text("kind") == "ReplicaSet" && hash.Length > 1 && name.EndsWith(hash, StringComparison.Ordinal) ? name[..^hash.Length] : name;
    }
}
