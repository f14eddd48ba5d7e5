using System;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Control.Collections;

/// <summary>
/// What of an object matters to the mesh, as text to hash. For most kinds that is its digest; a pod's addresses and phase are in its status, which the digest leaves out, and
/// a creation time decides which of two rivals wins.
/// </summary>
internal static class Meaning
{
    public static string Of(Resource resource)
    {
        string created = resource.Metadata.CreationTimestamp is { } time && resource.Type.IsIstio ? time.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture) : "";
        return resource is Resource<Pod> pod
            ? $"{resource.Digest};{pod.Spec.Status.Phase is "Succeeded" or "Failed"};{pod.Spec.Status.PodIP};{string.Join(',', pod.Spec.Status.PodIPs)}"
            : $"{resource.Digest};{created}";
    }

    /// <summary>True when replacing one by the other changes nothing but positions and bookkeeping.</summary>
    public static bool Equal(Resource left, Resource right) => ReferenceEquals(left, right) || string.Equals(Of(left), Of(right), StringComparison.Ordinal);
}
