using System.Collections.Generic;

namespace Weft.Config.Security;

/// <summary>Istio's PeerAuthentication spec.</summary>
public sealed record PeerAuthentication
{
    /// <summary>Null: no selector was written (namespace-wide, or mesh-wide in the root namespace). Empty counts the same.</summary>
    public IReadOnlyDictionary<string, string>? Selector { get; init; }

    /// <summary>Unset inherits.</summary>
    public MutualTlsMode Mode { get; init; }

    /// <summary>By workload port (target port), ignored without a selector.</summary>
    public IReadOnlyDictionary<int, MutualTlsMode> PortLevelMtls { get; init; } = new Dictionary<int, MutualTlsMode>();
}

public enum MutualTlsMode : byte
{
    Unset,
    Disable,
    Permissive,
    Strict,
}
