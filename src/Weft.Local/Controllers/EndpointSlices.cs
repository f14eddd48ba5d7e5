using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Local.Controllers;

/// <summary>
/// Which pods stand behind a service now: the pods its selector means that are ready and not on their way out. Pure. One slice
/// per set of port numbers, since a named target port may differ between pods.
/// </summary>
public static class EndpointSlices
{
    private const string ManagedBy = "endpointslice-controller.weft.dev";

    /// <summary>The slices that should exist for <paramref name="service"/>; none for a service without selector (its endpoints come from elsewhere).</summary>
    public static IReadOnlyList<Resource> Of(Resource<Service> service, IEnumerable<Resource<Pod>> pods)
    {
        ArgumentNullException.ThrowIfNull(service);
        if (service.Spec.Selector.Count == 0 || service.Spec.Type == "ExternalName")
        {
            return [];
        }

        List<Resource<Pod>> selected =
        [
            .. pods.Where(pod => pod.Namespace == service.Namespace && pod.Spec.Status.PodIP.Length > 0 && pod.Metadata.DeletionTimestamp is null
                    && (pod.Spec.Status.IsReady || service.Spec.PublishNotReadyAddresses)
                    && LabelSelector.IsSubset(service.Spec.Selector, pod.Metadata.Labels))
                .OrderBy(pod => pod.Name, StringComparer.Ordinal),
        ];
        return
        [
            .. selected.GroupBy(pod => string.Join(',', service.Spec.Ports.Select(port => TargetPort(port, pod) ?? -1)))
                .Select(group => Slice(service, group.Key, [.. group])),
            // A slice that stays when everybody is gone says "nobody"; a missing one could mean "not known yet".
            .. selected.Count == 0 ? [Slice(service, WithoutPods(service), [])] : Array.Empty<Resource>(),
        ];
    }

    /// <summary>Whether a slice is one of ours: others' are left alone.</summary>
    public static bool IsOurs(Resource slice) =>
        slice.Metadata.Labels.TryGetValue("endpointslice.kubernetes.io/managed-by", out string? manager) && manager == ManagedBy;

    /// <summary>The container port that a service port means on this pod, or null when the pod has none of that name.</summary>
    public static int? TargetPort(ServicePort port, Resource<Pod> pod)
    {
        ArgumentNullException.ThrowIfNull(port);
        ArgumentNullException.ThrowIfNull(pod);
        if (port.TargetPort.IsNumber)
        {
            return port.TargetPort.Number == 0 ? port.Port : port.TargetPort.Number;
        }

        return pod.Spec.Spec.Containers.SelectMany(container => container.Ports)
            .Where(candidate => candidate.Name == port.TargetPort.Text && candidate.Protocol == port.Protocol)
            .Select(candidate => (int?)candidate.Number)
            .FirstOrDefault();
    }

    /// <summary>The group's key when no port has to be asked of a pod: then the empty slice is the full one, emptied.</summary>
    private static string WithoutPods(Resource<Service> service) => string.Join(',', service.Spec.Ports.Select(port =>
        !port.TargetPort.IsNumber ? -1 : port.TargetPort.Number == 0 ? port.Port : port.TargetPort.Number));

    private static Resource Slice(Resource<Service> service, string group, IReadOnlyList<Resource<Pod>> pods)
    {
        ObjectMeta metadata = new()
        {
            Namespace = service.Namespace,
            Name = Name(service.Name, group),
            Labels = new Dictionary<string, string>(service.Metadata.Labels)
            {
                [EndpointSlice.ServiceNameLabel] = service.Name,
                ["endpointslice.kubernetes.io/managed-by"] = ManagedBy,
            },
            OwnerReferences = [new OwnerReference { ApiVersion = "v1", Kind = "Service", Name = service.Name, Uid = service.Metadata.Uid }],
        };
        IEnumerable<ResourceNode> ports = service.Spec.Ports
            .Where(port => pods.Count == 0 ? port.TargetPort.IsNumber : TargetPort(port, pods[0]) is not null)
            .Select(port => ResourceNode.Mapping(
                ("name", port.Name),
                ("port", pods.Count == 0 ? (port.TargetPort.Number == 0 ? port.Port : port.TargetPort.Number) : TargetPort(port, pods[0])!.Value),
                ("protocol", port.Protocol),
                ("appProtocol", port.AppProtocol is { } protocol ? (ResourceNode)protocol : null)));
        return ResourceReader.Create(Kinds.EndpointSlice, metadata, ResourceNode.Mapping(
            ("addressType", "IPv4"),
            ("ports", ResourceNode.Sequence(ports)),
            ("endpoints", ResourceNode.Sequence(pods.Select(Endpoint)))));
    }

    private static ResourceNode Endpoint(Resource<Pod> pod) => ResourceNode.Mapping(
        ("addresses", ResourceNode.Sequence([(ResourceNode)pod.Spec.Status.PodIP])),
        ("conditions", ResourceNode.Mapping(("ready", true), ("serving", true), ("terminating", false))),
        ("nodeName", PodObjects.NodeName),
        ("targetRef", ResourceNode.Mapping(("kind", "Pod"), ("namespace", pod.Namespace), ("name", pod.Name), ("uid", pod.Metadata.Uid))));

    private static string Name(string service, string group)
    {
        // By the ports, so that a slice keeps its name while pods come and go.
        string stem = service.Length > 240 ? service[..240] : service;
        return string.Create(CultureInfo.InvariantCulture, $"{stem}-{PodTemplateHash.Word(service + group, 5)}");
    }
}
