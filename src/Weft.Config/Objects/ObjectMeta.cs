using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>Kubernetes' <c>metadata</c>. Immutable.</summary>
public sealed record ObjectMeta
{
    public string Name { get; init; } = "";

    /// <summary>Empty for cluster-scoped kinds.</summary>
    public string Namespace { get; init; } = "";

    public IReadOnlyDictionary<string, string> Labels { get; init; } = EmptyMap.OfStrings;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = EmptyMap.OfStrings;

    public string Uid { get; init; } = "";

    /// <summary>Counts changes of meaning; 0 when not set.</summary>
    public long Generation { get; init; }

    /// <summary>Opaque; compared only for equality by clients.</summary>
    public string ResourceVersion { get; init; } = "";

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public IReadOnlyList<OwnerReference> OwnerReferences { get; init; } = [];
}

/// <summary>Who made an object: for pods the ReplicaSet, and so the Deployment.</summary>
public sealed record OwnerReference
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public string Uid { get; init; } = "";

    public bool Controller { get; init; }
}
