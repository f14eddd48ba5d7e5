using System.Collections.Generic;
using System.Linq;
using Google.Protobuf.WellKnownTypes;
using Weft.Config.Security;
using Weft.Control.Model;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Config.Endpoint.V3;
using Locality = Weft.Control.Model.Locality;

namespace Weft.Control.Derivation;

/// <summary>The endpoints of a cluster (xds.md A.2 EDS). Pure.</summary>
internal static class EndpointDeriver
{
    /// <summary>The assignment of one service port and subset; without endpoints it has the name only.</summary>
    public static XdsResource Derive(RoutingModel model, MeshService service, MeshPort port, SubsetPolicy? subset, Dialect dialect)
    {
        var metadata = new MetadataWriter(dialect, model.Settings);
        string name = Names.OutboundCluster(port.Number, subset?.Name ?? "", service.Host);
        var assignment = new ClusterLoadAssignment { ClusterName = name };
        IEnumerable<IGrouping<Locality, (MeshEndpoint Endpoint, int Port)>> localities = model.EndpointsOf(service).Select(port.Name, subset)
            .GroupBy(e => e.Endpoint.Locality)
            .OrderBy(g => g.Key.Region, System.StringComparer.Ordinal)
            .ThenBy(g => g.Key.Zone, System.StringComparer.Ordinal)
            .ThenBy(g => g.Key.Subzone, System.StringComparer.Ordinal);
        foreach (IGrouping<Locality, (MeshEndpoint Endpoint, int Port)> locality in localities)
        {
            var group = new LocalityLbEndpoints
            {
                Locality = new Xds.Proto.Config.Core.V3.Locality { Region = locality.Key.Region ?? "", Zone = locality.Key.Zone ?? "", SubZone = locality.Key.Subzone ?? "" },
            };
            foreach ((MeshEndpoint endpoint, int number) in locality)
            {
                group.LbEndpoints.Add(new LbEndpoint
                {
                    Endpoint = new Endpoint { Address = new Address { SocketAddress = new SocketAddress { Address = endpoint.Address, PortValue = (uint)number } } },
                    HealthStatus = HealthStatus.Healthy,
                    LoadBalancingWeight = 1,
                    Metadata = Describe(model, endpoint, number, metadata),
                });
            }

            group.LoadBalancingWeight = (uint)group.LbEndpoints.Count;
            assignment.Endpoints.Add(group);
        }

        return XdsResource.Of(name, assignment);
    }

    /// <summary>True when a proxy stands before the workload and its port does not refuse mutual TLS.</summary>
    public static bool AcceptsMutualTls(RoutingModel model, MeshEndpoint endpoint, int port) =>
        endpoint.Workload is { SpeaksMutualTls: true } workload
        && model.Policies.PeerModeFor(workload.Namespace, workload.Labels, port).Mode != MutualTlsMode.Disable;

    private static Metadata? Describe(RoutingModel model, MeshEndpoint endpoint, int port, MetadataWriter writer)
    {
        var metadata = new Metadata();
        if (AcceptsMutualTls(model, endpoint, port))
        {
            metadata.FilterMetadata["envoy.transport_socket_match"] = new Struct { Fields = { ["tlsMode"] = Value.ForString("istio") } };
        }

        if (endpoint.Workload is { } workload)
        {
            metadata.FilterMetadata["istio"] = new Struct
            {
                Fields =
                {
                    ["workload"] = Value.ForString($"{workload.WorkloadName};{workload.Namespace};{workload.CanonicalName};{workload.CanonicalRevision};{model.Settings.ClusterId}"),
                },
            };
            writer.WithOrigins(metadata, [workload.Origin]);
        }

        return metadata.FilterMetadata.Count == 0 && metadata.TypedFilterMetadata.Count == 0 ? null : metadata;
    }
}
