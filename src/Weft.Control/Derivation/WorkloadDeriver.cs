using System.Collections.Generic;
using System.Linq;
using System.Net;
using Google.Protobuf;
using Weft.Control.Model;
using Weft.Xds.Proto.Istio.Nds.V1;
using Weft.Xds.Proto.Istio.Workloads;
using Weft.Xds.Proto.WeftV1;
using Extension = Weft.Xds.Proto.Istio.Workloads.Extension;

namespace Weft.Control.Derivation;

/// <summary>Who is who: pods by address, for peers' names, and host names for the workload's resolver. Pure.</summary>
internal static class WorkloadDeriver
{
    /// <summary>The one name table's resource name.</summary>
    public const string NameTableName = "nds";

    public static XdsResource OfWorkload(MeshWorkload workload, MeshSettings settings)
    {
        string uid = $"{settings.ClusterId}//Pod/{workload.Namespace}/{workload.Name}";
        var message = new Workload
        {
            Uid = uid,
            Name = workload.Name,
            Namespace = workload.Namespace,
            TrustDomain = settings.TrustDomain,
            ServiceAccount = workload.ServiceAccount,
            Node = workload.Node,
            CanonicalName = workload.CanonicalName,
            CanonicalRevision = workload.CanonicalRevision,
            WorkloadType = workload.WorkloadName == workload.Name ? WorkloadType.Pod : WorkloadType.Deployment,
            WorkloadName = workload.WorkloadName,
            ClusterId = settings.ClusterId,
        };
        foreach (string address in workload.Addresses)
        {
            if (IPAddress.TryParse(address, out IPAddress? ip))
            {
                message.Addresses.Add(ByteString.CopyFrom(ip.GetAddressBytes()));
            }
        }

        message.Extensions.Add(new Extension
        {
            Name = "weft.dev/labels",
            Config = MetadataWriter.Pack(new WorkloadLabels
            {
                App = workload.Labels.GetValueOrDefault("app", ""),
                Version = workload.Labels.GetValueOrDefault("version", ""),
            }),
        });
        return XdsResource.Of(uid, message);
    }

    /// <summary>Every host a namespace may see: virtual addresses, or for headless services those of the pods (also under their own names).</summary>
    public static XdsResource NameTable(RoutingModel model, string @namespace)
    {
        var table = new SortedDictionary<string, NameTable.Types.NameInfo>(System.StringComparer.Ordinal);
        foreach (MeshService service in model.Services.Where(s => s.ExportTo.IsVisible(s.Namespace, @namespace)))
        {
            IEnumerable<MeshEndpoint> endpoints = service.IsHeadless ? model.EndpointsOf(service).All : [];
            IEnumerable<string> ips = service.IsHeadless ? endpoints.Select(e => e.Address).Distinct() : service.ClusterIps;
            Add(table, service.Host, service.Name, service.Namespace, ips);
            foreach (IGrouping<string, MeshEndpoint> pod in endpoints.Where(e => e.Hostname.Length > 0).GroupBy(e => e.Hostname))
            {
                Add(table, pod.Key + "." + service.Host, pod.Key + "." + service.Name, service.Namespace, pod.Select(e => e.Address).Distinct());
            }
        }

        var message = new NameTable();
        foreach ((string host, NameTable.Types.NameInfo info) in table)
        {
            message.Table[host] = info;
        }

        return XdsResource.Of(NameTableName, message);
    }

    private static void Add(SortedDictionary<string, NameTable.Types.NameInfo> table, string host, string shortName, string @namespace, IEnumerable<string> ips)
    {
        var info = new NameTable.Types.NameInfo { Registry = "Kubernetes", Shortname = shortName, Namespace = @namespace };
        info.Ips.AddRange(ips);
        if (info.Ips.Count > 0)
        {
            table[host] = info;
        }
    }
}
