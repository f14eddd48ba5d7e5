using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Local.Pods;

namespace Weft.Local.Control;

/// <summary>Finds the pod that a person names as istioctl and kubectl do: <c>web-5d9c-x2k4q.grid</c>, <c>web.grid</c>, <c>deploy/web</c>, <c>web</c>.</summary>
public static class PodTarget
{
    /// <exception cref="InvalidOperationException">There is none; the message lists what there is.</exception>
    public static PodRunner Find(string target, string ns, IReadOnlyList<PodRunner> pods)
    {
        ArgumentNullException.ThrowIfNull(target);
        string name = target;
        foreach (string prefix in (string[])["deploy/", "deployment/", "deployments/", "pod/", "pods/"])
        {
            name = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        }

        // Names of pods and workloads may hold dots themselves, so the longest reading is tried first.
        IEnumerable<(string Name, string Namespace)> readings = name.LastIndexOf('.') is var dot and > 0
            ? [(name, ns), (name[..dot], name[(dot + 1)..])]
            : [(name, ns)];
        foreach ((string wanted, string inside) in readings)
        {
            List<PodRunner> found = [.. pods.Where(pod => pod.Identity.Namespace == inside && (pod.Identity.Name == wanted || pod.Identity.Workload == wanted))];
            if (found.Count > 0)
            {
                return found.OrderByDescending(pod => pod.Identity.Name == wanted).ThenByDescending(pod => pod.IsReady).ThenBy(pod => pod.Identity.Name, StringComparer.Ordinal).First();
            }
        }

        string known = string.Join(", ", pods.Select(pod => pod.Identity.Workload + "." + pod.Identity.Namespace).Distinct().Order(StringComparer.Ordinal));
        throw new InvalidOperationException($"there is no pod for '{target}' (namespace {ns}); there are: {known}");
    }
}
