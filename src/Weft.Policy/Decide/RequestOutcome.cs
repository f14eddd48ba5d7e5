namespace Weft.Policy.Decide;

/// <summary>What becomes of a request.</summary>
public enum RequestOutcome
{
    /// <summary>Send it to the chosen cluster.</summary>
    Forward,

    /// <summary>Answer with the route's redirect.</summary>
    Redirect,

    /// <summary>Answer with the route's direct response.</summary>
    DirectResponse,

    /// <summary>The virtual host requires TLS: 301 to https.</summary>
    TlsRequired,

    /// <summary>404, NR, <c>route_configuration_not_found</c>.</summary>
    RouteConfigurationNotFound,

    /// <summary>404, NR, <c>route_not_found</c>: no virtual host claims the authority.</summary>
    NoVirtualHost,

    /// <summary>404, NR, <c>route_not_found</c>: the virtual host has no route for the request.</summary>
    NoRoute,

    /// <summary>The route's status (503 unless it says otherwise), NC, <c>cluster_not_found</c>.</summary>
    ClusterNotFound,
}
