using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Local.Controllers;

/// <summary>Makes Pod objects and their status, as the controllers and the kubelet of a cluster would write them.</summary>
public static class PodObjects
{
    public const string CommandAnnotation = "weft.dev/command";
    public const string RoleAnnotation = "weft.dev/role";
    public const string NodeName = "weft";

    /// <summary>A pod of a Deployment.</summary>
    public static Resource OfDeployment(Resource<Deployment> deployment, string name)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        PodTemplate template = deployment.Spec.Template;
        string hash = PodTemplateHash.Of(template);
        Dictionary<string, string> labels = new(template.Metadata.Labels) { ["pod-template-hash"] = hash };
        return Make(deployment.Namespace, name, labels, template.Metadata.Annotations, template.Spec.Node, deployment.Name,
            new OwnerReference { ApiVersion = "apps/v1", Kind = "ReplicaSet", Name = DeploymentPlan.ReplicaSetName(deployment.Name, hash), Uid = deployment.Metadata.Uid });
    }

    /// <summary>A pod without an owner (<c>weft run</c>).</summary>
    public static Resource Bare(string ns, string name, string serviceAccount, IReadOnlyDictionary<string, string> labels, bool hasSidecar)
    {
        Dictionary<string, string> annotations = new() { [SidecarDecision.Key] = hasSidecar ? "true" : "false" };
        ResourceNode spec = ResourceNode.Mapping(
            ("serviceAccountName", serviceAccount),
            ("restartPolicy", "Never"),
            ("containers", ResourceNode.Sequence([ResourceNode.Mapping(("name", "run"))])));
        return Make(ns, name, labels, annotations, spec, name, owner: null);
    }

    /// <summary>The status that the kubelet writes.</summary>
    public static ResourceNode Status(string phase, string address, bool isReady, string reason, int restarts, DateTimeOffset started)
    {
        string ready = isReady ? "True" : "False";
        return ResourceNode.Mapping(
            ("phase", phase),
            ("hostIP", "10.244.0.1"),
            ("podIP", address.Length > 0 ? (ResourceNode)address : null),
            ("podIPs", address.Length > 0 ? ResourceNode.Sequence([ResourceNode.Mapping(("ip", address))]) : null),
            ("startTime", started.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)),
            ("conditions", ResourceNode.Sequence(
            [
                Condition("PodScheduled", "True", string.Empty), Condition("Initialized", "True", string.Empty),
                Condition("ContainersReady", ready, reason), Condition("Ready", ready, reason),
            ])),
            ("containerStatuses", ResourceNode.Sequence([ResourceNode.Mapping(("name", "app"), ("ready", isReady), ("restartCount", restarts))])));
    }

    private static ResourceNode Condition(string type, string status, string reason) =>
        ResourceNode.Mapping(("type", type), ("status", status), ("reason", reason.Length > 0 ? (ResourceNode)reason : null));

    private static Resource Make(
        string ns, string name, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> annotations, ResourceNode spec, string workload, OwnerReference? owner)
    {
        Dictionary<string, string> all = new(labels);
        if (SidecarDecision.HasSidecar(labels, annotations))
        {
            // What Istio's injection writes on the pod: peers know by it that the port speaks mutual TLS, and under which name it counts.
            all["security.istio.io/tlsMode"] = "istio";
            all["service.istio.io/canonical-name"] = First(labels, "service.istio.io/canonical-name", "app.kubernetes.io/name", "app") ?? workload;
            all["service.istio.io/canonical-revision"] = First(labels, "service.istio.io/canonical-revision", "app.kubernetes.io/version", "version") ?? "latest";
        }

        ObjectMeta metadata = new()
        {
            Name = name,
            Namespace = ns,
            Labels = all,
            Annotations = annotations.Where(pair => !pair.Key.StartsWith(SourceMaps.Prefix, StringComparison.Ordinal)).ToDictionary(),
            OwnerReferences = owner is null ? [] : [owner],
        };
        ResourceNode body = ResourceNode.Mapping(("spec", spec.With("serviceAccountName", spec["serviceAccountName"] ?? spec["serviceAccount"] ?? "default").With("nodeName", NodeName)), ("status", ResourceNode.Mapping(("phase", "Pending"))));
        return ResourceReader.Create(Kinds.Pod, metadata, body);
    }

    private static string? First(IReadOnlyDictionary<string, string> labels, params ReadOnlySpan<string> keys)
    {
        foreach (string key in keys)
        {
            if (labels.TryGetValue(key, out string? value))
            {
                return value;
            }
        }

        return null;
    }
}
