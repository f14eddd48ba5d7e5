namespace Weft.Xds;

/// <summary>Type URLs of the resources that travel between weftd and its proxies.</summary>
public static class XdsTypes
{
    public const string Prefix = "type.googleapis.com/";
    public const string Cluster = Prefix + "envoy.config.cluster.v3.Cluster";
    public const string ClusterLoadAssignment = Prefix + "envoy.config.endpoint.v3.ClusterLoadAssignment";
    public const string Listener = Prefix + "envoy.config.listener.v3.Listener";
    public const string RouteConfiguration = Prefix + "envoy.config.route.v3.RouteConfiguration";
    public const string VirtualHost = Prefix + "envoy.config.route.v3.VirtualHost";
    public const string Secret = Prefix + "envoy.extensions.transport_sockets.tls.v3.Secret";
    public const string Workload = Prefix + "istio.workload.Workload";
    public const string NameTable = Prefix + "istio.networking.nds.v1.NameTable";

    /// <summary>What a proxy of the weft dialect subscribes to, in the order in which it asks and is sent: what is referred to first.</summary>
    public static System.Collections.Generic.IReadOnlyList<string> Weft { get; } =
        [Cluster, ClusterLoadAssignment, Listener, RouteConfiguration, VirtualHost, Secret, Workload, NameTable];

    /// <summary>The message's own name, for problems and tables: <c>Listener</c>.</summary>
    public static string ShortName(string typeUrl) => typeUrl[(typeUrl.LastIndexOf('.') + 1)..];
}
