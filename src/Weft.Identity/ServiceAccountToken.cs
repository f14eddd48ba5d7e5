using System;
using System.Collections.Generic;

namespace Weft.Identity;

/// <summary>What a projected service account token says: who, for whom, until when, and which pod it is bound to.</summary>
public sealed record ServiceAccountToken
{
    public required string Issuer { get; init; }

    public required IReadOnlyList<string> Audiences { get; init; }

    public required string Namespace { get; init; }

    public required string ServiceAccount { get; init; }

    public string ServiceAccountUid { get; init; } = "";

    /// <summary>Empty for a token that is bound to no pod.</summary>
    public string PodName { get; init; } = "";

    public string PodUid { get; init; } = "";

    public string NodeName { get; init; } = "";

    public string NodeUid { get; init; } = "";

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset NotBefore { get; init; }

    public DateTimeOffset Expires { get; init; }

    /// <summary>jti: random, for the audit log.</summary>
    public string Id { get; init; } = "";

    /// <summary><c>system:serviceaccount:NAMESPACE:NAME</c>, as Kubernetes calls the user.</summary>
    public string Subject => $"system:serviceaccount:{Namespace}:{ServiceAccount}";
}
