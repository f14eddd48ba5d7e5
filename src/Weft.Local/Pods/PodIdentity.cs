using System.Collections.Generic;
using System.Net;

namespace Weft.Local.Pods;

/// <summary>Who a pod is: what its proxy and its tokens are made for.</summary>
public sealed record PodIdentity
{
    public required string Namespace { get; init; }

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required string ServiceAccount { get; init; }

    public required IPAddress Address { get; init; }

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary>The Deployment's name, or the pod's own.</summary>
    public required string Workload { get; init; }

    public override string ToString() => Name + "." + Namespace;
}
