using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Control.Collections;

/// <summary>
/// What of an object matters to the mesh, as text to hash. For most kinds that is its digest, and for rules the creation time too, which decides which of two rivals wins. Of a pod and a node it is only
/// what derivation reads: restarts, probes and heartbeats change nothing.
/// </summary>
internal static class Meaning
{
    private static readonly ConditionalWeakTable<Resource, string> Known = [];

    public static string Of(Resource resource) => Known.GetValue(resource, Compute);

    /// <summary>True when replacing one by the other changes nothing but positions and bookkeeping.</summary>
    public static bool Equal(Resource left, Resource right) => ReferenceEquals(left, right) || string.Equals(Of(left), Of(right), StringComparison.Ordinal);

    private static string Compute(Resource resource) => resource switch
    {
        Resource<Pod> pod => OfPod(pod),
        Resource<Node> node => Labels(node.Metadata.Labels),
        _ when resource.Type.IsIstio && resource.Metadata.CreationTimestamp is { } created => resource.Digest + ";" + created.UtcTicks.ToString(CultureInfo.InvariantCulture),
        _ => resource.Digest,
    };

    private static string OfPod(Resource<Pod> pod)
    {
        PodSpec spec = pod.Spec.Spec;
        PodStatus status = pod.Spec.Status;
        var text = new StringBuilder(256);
        text.Append(Labels(pod.Metadata.Labels)).Append('|').Append(spec.ServiceAccountName).Append('|').Append(spec.NodeName).Append('|').Append(spec.HostNetwork);
        foreach (OwnerReference owner in pod.Metadata.OwnerReferences)
        {
            text.Append('|').Append(owner.Kind).Append('/').Append(owner.Name).Append('/').Append(owner.Controller);
        }

        foreach (ContainerPort port in spec.Containers.SelectMany(c => c.Ports))
        {
            text.Append('|').Append(port.Name).Append('=').Append(CultureInfo.InvariantCulture, $"{port.Number}");
        }

        return text.Append('|').Append(status.Phase is "Succeeded" or "Failed").Append('|').Append(status.PodIP).Append('|').AppendJoin(',', status.PodIPs).ToString();
    }

    private static string Labels(IReadOnlyDictionary<string, string> labels) =>
        string.Join(',', labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => l.Key + "=" + l.Value));
}
