using System.Collections.Immutable;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Weft.Xds.Proto.Config.Route.V3;

namespace Weft.Control.Derivation;

/// <summary>Type URLs, and the order in which they are pushed (xds.md B.4).</summary>
public static class XdsTypes
{
    public const string Prefix = "type.googleapis.com/";

    public static readonly string Cluster = Prefix + Xds.Proto.Config.Cluster.V3.Cluster.Descriptor.FullName;
    public static readonly string Endpoints = Prefix + ClusterLoadAssignment.Descriptor.FullName;
    public static readonly string Listener = Prefix + Xds.Proto.Config.Listener.V3.Listener.Descriptor.FullName;
    public static readonly string Routes = Prefix + RouteConfiguration.Descriptor.FullName;
    public static readonly string VirtualHost = Prefix + Xds.Proto.Config.Route.V3.VirtualHost.Descriptor.FullName;
    public static readonly string Secret = Prefix + Xds.Proto.Extensions.TransportSockets.Tls.V3.Secret.Descriptor.FullName;
    public static readonly string Workload = Prefix + Xds.Proto.Istio.Workloads.Workload.Descriptor.FullName;
    public static readonly string NameTable = Prefix + Xds.Proto.Istio.Nds.V1.NameTable.Descriptor.FullName;

    /// <summary>Clusters before endpoints before listeners before routes, so that nothing refers to what has not come yet.</summary>
    public static ImmutableArray<string> PushOrder { get; } = [Cluster, Endpoints, Listener, Routes, VirtualHost, Secret, Workload, NameTable];

    /// <summary>The name in tables and metrics: CDS, EDS, LDS …</summary>
    public static string ShortName(string typeUrl) =>
        typeUrl == Cluster ? "CDS"
        : typeUrl == Endpoints ? "EDS"
        : typeUrl == Listener ? "LDS"
        : typeUrl == Routes ? "RDS"
        : typeUrl == VirtualHost ? "VHDS"
        : typeUrl == Secret ? "SDS"
        : typeUrl == Workload ? "WDS"
        : typeUrl == NameTable ? "NDS"
        : typeUrl;
}
