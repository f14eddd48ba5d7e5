namespace Weft.Policy.Decide;

/// <summary>What an endpoint pick found.</summary>
public enum EndpointOutcome
{
    /// <summary>An endpoint of the set.</summary>
    Endpoint,

    /// <summary>The connection's own original destination (ORIGINAL_DST clusters: pass-through, inbound).</summary>
    OriginalDestination,

    /// <summary>503, UH, <c>no_healthy_upstream</c>: none is ready, or the cluster has none (black hole).</summary>
    NoHealthyUpstream,
}
