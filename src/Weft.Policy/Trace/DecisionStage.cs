namespace Weft.Policy.Trace;

/// <summary>Which decision a trace step belongs to, in the order of a request's life.</summary>
public enum DecisionStage
{
    Listener,
    FilterChain,
    VirtualHost,
    Route,
    WeightedCluster,
    Cluster,
    Endpoint,
    TransportSocket,
    Timeout,
    Retry,
    Rewrite,
    Redirect,
    DirectResponse,
    HeaderOperation,
}
