using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Weft.Config;
using Weft.Config.Core;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>Service, Pod, Node and EndpointSlice → what the routing model knows of them. Pure.</summary>
internal static class CoreFrontEnd
{
    /// <summary>Null for services that are no host of the mesh (ExternalName).</summary>
    public static MeshService? ReadService(Resource<Service> resource, MeshSettings settings)
    {
        Service spec = resource.Spec;
        if (spec.Type == "ExternalName")
        {
            return null;
        }

        Origin origin = new("", resource.Kind, resource.Namespace, resource.Name, "");
        IReadOnlyList<string> ips = spec.ClusterIPs.Count > 0 ? spec.ClusterIPs : [spec.ClusterIP];
        resource.Metadata.Annotations.TryGetValue("networking.istio.io/exportTo", out string? exportTo);
        return new MeshService
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            Host = HostName.OfService(resource.Name, resource.Namespace, settings.ClusterDomain),
            ClusterIps = [.. ips.Where(IsIPv4)],
            IsHeadless = spec.IsHeadless,
            Ports = [.. spec.Ports.Select((p, i) => ReadPort(p, origin.At(string.Create(CultureInfo.InvariantCulture, $"spec.ports[{i}]"))))],
            Selector = spec.Selector.ToImmutableSortedDictionary(StringComparer.Ordinal),
            ExportTo = exportTo is null ? ExportScope.Everywhere : ExportScope.Parse([.. exportTo.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]),
            Created = resource.Metadata.CreationTimestamp ?? DateTimeOffset.MinValue,
            Origin = origin,
        };
    }

    private static MeshPort ReadPort(ServicePort port, Origin origin) => new(
        port.Port,
        port.Name,
        PortProtocols.Select(port.Port, port.Name, port.Protocol, port.AppProtocol),
        port.TargetPort.IsNumber ? port.TargetPort.Number : 0,
        port.TargetPort.Text ?? "",
        origin);

    /// <summary>Null for pods that have no address of their own (yet) or have ended.</summary>
    public static MeshWorkload? ReadPod(Resource<Pod> resource, Func<string, Locality> localityOfNode)
    {
        Pod pod = resource.Spec;
        if (pod.Status.Phase is "Succeeded" or "Failed")
        {
            return null;
        }

        ImmutableSortedDictionary<string, int>.Builder ports = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (ContainerPort port in pod.Spec.Containers.SelectMany(c => c.Ports))
        {
            if (port.Name.Length > 0)
            {
                ports[port.Name] = ports.TryGetValue(port.Name, out int first) ? first : port.Number;
            }
        }

        IReadOnlyList<string> ips = pod.Status.PodIPs.Count > 0 ? pod.Status.PodIPs : pod.Status.PodIP.Length > 0 ? [pod.Status.PodIP] : [];
        return new MeshWorkload
        {
            Namespace = resource.Namespace,
            Name = resource.Name,
            ServiceAccount = pod.Spec.ServiceAccountName,
            Labels = resource.Metadata.Labels.ToImmutableSortedDictionary(StringComparer.Ordinal),
            Addresses = pod.Spec.HostNetwork ? [] : [.. ips],
            NamedPorts = ports.ToImmutable(),
            WorkloadName = WorkloadNameOf(resource.Metadata),
            Node = pod.Spec.NodeName,
            Locality = localityOfNode(pod.Spec.NodeName),
        };
    }

    /// <summary>The owner as people know it: a ReplicaSet's name without the hash is its Deployment's.</summary>
    private static string WorkloadNameOf(ObjectMeta metadata)
    {
        OwnerReference? owner = metadata.OwnerReferences.FirstOrDefault(o => o.Controller) ?? (metadata.OwnerReferences.Count > 0 ? metadata.OwnerReferences[0] : null);
        if (owner is null || owner.Name.Length == 0)
        {
            return metadata.Name;
        }

        if (owner.Kind == "ReplicaSet" && metadata.Labels.TryGetValue("pod-template-hash", out string? hash) && owner.Name.EndsWith("-" + hash, StringComparison.Ordinal))
        {
            return owner.Name[..^(hash.Length + 1)];
        }

        return owner.Name;
    }

    public static Locality ReadNode(Resource<Node> resource) => new(
        resource.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/region", ""),
        resource.Metadata.Labels.GetValueOrDefault("topology.kubernetes.io/zone", ""),
        resource.Metadata.Labels.GetValueOrDefault("topology.istio.io/subzone", ""));

    /// <summary>Port names and numbers of a slice; UDP is not proxied.</summary>
    public static ImmutableSortedDictionary<string, int> ReadPorts(EndpointSlice slice)
    {
        ImmutableSortedDictionary<string, int>.Builder ports = ImmutableSortedDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (EndpointPort port in slice.Ports)
        {
            if (port is { Port: { } number, Protocol: not "UDP" })
            {
                ports[port.Name] = ports.TryGetValue(port.Name, out int first) ? first : number;
            }
        }

        return ports.ToImmutable();
    }

    /// <summary>Where an endpoint runs: its node's labels, else what the slice says.</summary>
    public static Locality LocalityOf(Endpoint endpoint, MeshWorkload? workload, Func<string, Locality> localityOfNode)
    {
        Locality locality = endpoint.NodeName is { Length: > 0 } node ? localityOfNode(node) : workload?.Locality ?? Locality.Unknown;
        return locality.Zone is { Length: > 0 } ? locality : locality with { Region = locality.Region ?? "", Zone = endpoint.Zone ?? "", Subzone = locality.Subzone ?? "" };
    }

    private static bool IsIPv4(string text) => IPAddress.TryParse(text, out IPAddress? ip) && ip.AddressFamily == AddressFamily.InterNetwork;
}
