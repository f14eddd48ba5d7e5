namespace Weft.Proxy.Downstream;

/// <summary>Where a connection came in, and so which end of the request this proxy reports.</summary>
internal enum ListenerSide : byte
{
    /// <summary>15001: from our own workload.</summary>
    Outbound,

    /// <summary>15006: to our own workload.</summary>
    Inbound,

    /// <summary>A port of a gateway.</summary>
    Gateway,
}
