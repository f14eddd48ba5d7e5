namespace Weft.Proxy.Pool;

/// <summary>A request's place in the queue of a pool; embedded in the exchange, so that waiting allocates nothing.</summary>
internal abstract class PoolWaiter
{
    internal PoolWaiter? PreviousWaiter { get; set; }
    internal PoolWaiter? NextWaiter { get; set; }
    internal EndpointPool? WaitsFor { get; set; }

    /// <summary>Who waits.</summary>
    internal abstract IUpstreamClient Client { get; }
}
