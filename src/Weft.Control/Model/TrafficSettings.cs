namespace Weft.Control.Model;

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
