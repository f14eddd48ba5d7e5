using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Machine;

namespace Weft.Local.Controllers;

/// <summary>Says once per Deployment which fields of its pods mean nothing here, so that nobody believes in a limit or a volume that is not there.</summary>
public sealed class UnhonouredFields(MachineLog log)
{
    /// <summary>Honoured, or about how a cluster gets and places the image, which has no meaning on one machine.</summary>
    private static readonly FrozenSet<string> PodFields = FrozenSet.Create(StringComparer.Ordinal,
        "containers", "serviceAccountName", "serviceAccount", "terminationGracePeriodSeconds", "restartPolicy", "nodeName", "imagePullSecrets",
        "schedulerName", "dnsPolicy", "enableServiceLinks", "affinity", "nodeSelector", "tolerations", "topologySpreadConstraints", "priorityClassName");

    private static readonly FrozenSet<string> ContainerFields = FrozenSet.Create(StringComparer.Ordinal,
        "name", "image", "imagePullPolicy", "ports", "env", "envFrom", "readinessProbe", "command", "args",
        "terminationMessagePath", "terminationMessagePolicy");

    public void Report(Resource<Deployment> deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        ResourceNode spec = deployment.Spec.Template.Spec.Node;
        List<string> fields = [];
        foreach (NodeEntry entry in spec.Entries)
        {
            if (!PodFields.Contains(entry.Name) && !IsEmpty(entry.Value))
            {
                fields.Add(entry.Name);
            }
        }

        IReadOnlyList<ResourceNode> containers = spec["containers"]?.Items ?? [];
        for (int i = 0; i < containers.Count; i++)
        {
            if (i > 0)
            {
                fields.Add($"containers[{i}] (only the first container's command is run)");
                continue;
            }

            foreach (NodeEntry entry in containers[i].Entries)
            {
                if (!ContainerFields.Contains(entry.Name) && !IsEmpty(entry.Value))
                {
                    fields.Add($"containers[{i}].{entry.Name}");
                }
            }
        }

        if (fields.Count > 0)
        {
            log.SayOnce($"{deployment.Key}: not honoured by weft up: {string.Join(", ", fields)}");
        }
    }

    private static bool IsEmpty(ResourceNode node) => node.Kind switch
    {
        NodeKind.Null => true,
        NodeKind.Mapping => node.Entries.Count == 0,
        NodeKind.Sequence => node.Items.Count == 0,
        _ => false,
    };
}
