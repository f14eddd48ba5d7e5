using System;

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

/// <summary>What a client uses towards a service when a DestinationRule says so.</summary>
public enum ClientTls : byte
{
    Plaintext,
    IstioMutual,
}

/// <summary>Limits and connection settings; null = built-in default (istio.md 1.2: 0 means unset, the front end maps it to null).</summary>
public sealed record ConnectionLimits
{
    public uint? MaxConnections { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public TimeSpan? TcpIdleTimeout { get; init; }

    public TimeSpan? MaxConnectionDuration { get; init; }

    public uint? MaxPendingRequests { get; init; }

    public uint? MaxRequests { get; init; }

    public uint? MaxRequestsPerConnection { get; init; }

    public uint? MaxRetries { get; init; }

    public TimeSpan? HttpIdleTimeout { get; init; }

    public TcpKeepaliveTimes? Keepalive { get; init; }

    public required Origin Origin { get; init; }
}

/// <summary>TCP keep-alive probes; null = the kernel's default.</summary>
public sealed record TcpKeepaliveTimes(uint? Probes, TimeSpan? Time, TimeSpan? Interval);

/// <summary>One traffic policy, block by block; a null block is unset and inherits as istio.md 1.2 says. Immutable.</summary>
public sealed record TrafficSettings
{
    public static TrafficSettings Unset { get; } = new();

    public LoadBalancer? LoadBalancer { get; init; }

    public Origin? LoadBalancerOrigin { get; init; }

    public ConnectionLimits? ConnectionPool { get; init; }

    public ClientTls? Tls { get; init; }

    public Origin? TlsOrigin { get; init; }

    /// <summary>A subset's policy over the rule's: per block (istio.md 1.2).</summary>
    public TrafficSettings OverriddenBy(TrafficSettings? over) => over is null
        ? this
        : new TrafficSettings
        {
            LoadBalancer = over.LoadBalancer ?? LoadBalancer,
            LoadBalancerOrigin = over.LoadBalancer is null ? LoadBalancerOrigin : over.LoadBalancerOrigin,
            ConnectionPool = over.ConnectionPool ?? ConnectionPool,
            Tls = over.Tls ?? Tls,
            TlsOrigin = over.Tls is null ? TlsOrigin : over.TlsOrigin,
        };
}
