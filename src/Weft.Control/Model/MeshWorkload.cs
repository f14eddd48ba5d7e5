using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Weft.Control.Model;

/// <summary>A pod as the mesh sees it. Immutable.</summary>
public sealed record MeshWorkload
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public string ServiceAccount { get; init; } = "default";

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Pod addresses as text, first the primary one.</summary>
    public ImmutableArray<string> Addresses { get; init; } = [];

    /// <summary>Name and number of the container ports, for named target ports.</summary>
    public ImmutableSortedDictionary<string, int> NamedPorts { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The Deployment or other owner; the pod's own name when nobody owns it.</summary>
    public required string WorkloadName { get; init; }

    public string Node { get; init; } = "";

    public Locality Locality { get; init; }

    public Origin Origin => new("", "Pod", Namespace, Name, "");

    /// <summary>True when a sidecar or proxy terminates mutual TLS for it (Istio's label).</summary>
    public bool SpeaksMutualTls => Labels.TryGetValue("security.istio.io/tlsMode", out string? mode) && mode == "istio";

    /// <summary>True when nothing that the mesh uses differs: a heartbeat then changes nothing.</summary>
    public bool SaysTheSame(MeshWorkload other) =>
        Namespace == other.Namespace && Name == other.Name && ServiceAccount == other.ServiceAccount && WorkloadName == other.WorkloadName
        && Node == other.Node && Locality == other.Locality
        && Labels.SequenceEqual(other.Labels) && Addresses.SequenceEqual(other.Addresses) && NamedPorts.SequenceEqual(other.NamedPorts);

    /// <summary>Istio's canonical service: a label chain, else the workload's name.</summary>
    public string CanonicalName =>
        Labels.GetValueOrDefault("service.istio.io/canonical-name")
        ?? Labels.GetValueOrDefault("app.kubernetes.io/name")
        ?? Labels.GetValueOrDefault("app")
        ?? WorkloadName;

    /// <summary>Istio's canonical revision.</summary>
    public string CanonicalRevision =>
        Labels.GetValueOrDefault("service.istio.io/canonical-revision")
        ?? Labels.GetValueOrDefault("app.kubernetes.io/version")
        ?? Labels.GetValueOrDefault("version")
        ?? "latest";
}
