namespace Weft.Control.Model;

/// <summary>How an endpoint is chosen.</summary>
public enum LoadBalancer : byte
{
    LeastRequest,
    RoundRobin,
    Random,

    /// <summary>The address the client asked for.</summary>
    Passthrough,
}
