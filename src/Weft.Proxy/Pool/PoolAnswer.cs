namespace Weft.Proxy.Pool;

/// <summary>What a pool said to a request for a connection.</summary>
internal enum PoolAnswer : byte
{
    /// <summary><see cref="IUpstreamClient.OnAttached"/> was called.</summary>
    Attached,

    /// <summary>The request waits; it will be attached or told that connecting failed.</summary>
    Waiting,

    /// <summary>max_pending_requests is reached (flag UO).</summary>
    Overflow,
}
