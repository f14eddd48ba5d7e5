using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;

namespace Weft.Local.Controllers;

/// <summary>
/// What a Deployment wants done to its pods now: a pure step of Kubernetes' rolling update. Asked again after every change,
/// it converges.
/// </summary>
public sealed record DeploymentPlan(IReadOnlyList<string> Create, IReadOnlyList<ObjectKey> Delete)
{
    /// <param name="deployment">As stored.</param>
    /// <param name="pods">All pods of its namespace.</param>
    public static DeploymentPlan Make(Resource<Deployment> deployment, IReadOnlyList<Resource<Pod>> pods)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ArgumentNullException.ThrowIfNull(pods);
        string hash = PodTemplateHash.Of(deployment.Spec.Template);
        string owner = ReplicaSetName(deployment.Name, hash);
        List<Resource<Pod>> living = [.. pods.Where(pod => pod.Metadata.DeletionTimestamp is null && IsOwned(pod, deployment))];
        List<Resource<Pod>> current = [.. living.Where(pod => pod.Metadata.OwnerReferences.Any(reference => reference.Name == owner))];
        List<Resource<Pod>> old = [.. living.Except(current)];
        int wanted = Math.Max(0, deployment.Spec.Replicas);
        bool recreates = deployment.Spec.Strategy.Type == "Recreate";
        HashSet<string> taken = [.. pods.Select(pod => pod.Name)];

        List<ObjectKey> delete = [.. Surplus(current, current.Count - wanted).Select(pod => pod.Key)];
        if (recreates && (old.Count > 0 || pods.Any(pod => pod.Metadata.DeletionTimestamp is not null && IsOwned(pod, deployment))))
        {
            return new DeploymentPlan([], [.. delete, .. old.Select(pod => pod.Key)]);
        }

        int surge = Share(deployment.Spec.Strategy.MaxSurge, wanted, roundUp: true);
        int unavailable = Share(deployment.Spec.Strategy.MaxUnavailable, wanted, roundUp: false);
        surge = surge == 0 && unavailable == 0 ? 1 : surge;
        int room = old.Count == 0 ? wanted - current.Count : Math.Min(wanted - current.Count, wanted + surge - living.Count);
        List<string> create = [.. Names(owner, taken).Take(Math.Max(0, room))];

        // Pods that are not ready serve nobody: they go first and cost no availability.
        int ready = living.Count(pod => pod.Spec.Status.IsReady);
        int mayGo = Math.Max(0, ready - (wanted - unavailable));
        delete.AddRange(old.Where(pod => !pod.Spec.Status.IsReady).Select(pod => pod.Key));
        delete.AddRange(old.Where(pod => pod.Spec.Status.IsReady).Take(mayGo).Select(pod => pod.Key));
        return new DeploymentPlan(create, delete);
    }

    /// <summary>Name of the ReplicaSet that Kubernetes would put between; ours exists only as a name.</summary>
    public static string ReplicaSetName(string deployment, string hash) => deployment + "-" + hash;

    private static bool IsOwned(Resource<Pod> pod, Resource<Deployment> deployment) =>
        pod.Namespace == deployment.Namespace && pod.Metadata.Labels.TryGetValue("pod-template-hash", out string? hash)
        && pod.Metadata.OwnerReferences.Any(reference => reference.Name == ReplicaSetName(deployment.Name, hash));

    /// <summary>Which to give up when there are too many: not ready before ready, young before old.</summary>
    private static IEnumerable<Resource<Pod>> Surplus(List<Resource<Pod>> pods, int count) => pods
        .OrderBy(pod => pod.Spec.Status.IsReady)
        .ThenByDescending(pod => pod.Metadata.CreationTimestamp)
        .ThenByDescending(pod => pod.Name, StringComparer.Ordinal)
        .Take(Math.Max(0, count));

    /// <summary>Always the same names in the same order, as far as they are free: logs of two runs can be compared.</summary>
    private static IEnumerable<string> Names(string owner, HashSet<string> taken)
    {
        for (int index = 0; ; index++)
        {
            string name = owner + "-" + PodTemplateHash.Word(owner + index.ToString(CultureInfo.InvariantCulture), 5);
            if (taken.Add(name))
            {
                yield return name;
            }
        }
    }

    private static int Share(IntOrString share, int of, bool roundUp)
    {
        if (share.Text is not { } text || !text.EndsWith('%') || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int percent))
        {
            return Math.Max(0, share.Number);
        }

        return roundUp ? ((of * percent) + 99) / 100 : of * percent / 100;
    }
}
