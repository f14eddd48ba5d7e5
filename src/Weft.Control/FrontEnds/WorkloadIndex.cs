using System;
using System.Collections.Generic;
using Weft.Config;
using Weft.Config.Core;
using Weft.Control.Collections;
using Weft.Control.Model;

namespace Weft.Control.FrontEnds;

/// <summary>The pods, kept from one build to the next: a pod that says the same is the same instance. One thread.</summary>
internal sealed class WorkloadIndex
{
    private Dictionary<(string Namespace, string Name), (Resource Resource, Locality Locality, MeshWorkload? Workload)> _pods = [];
    private Dictionary<string, MeshWorkload> _byAddress = [];

    public IEnumerable<MeshWorkload> All
    {
        get
        {
            foreach ((Resource _, Locality _, MeshWorkload? workload) in _pods.Values)
            {
                if (workload is not null)
                {
                    yield return workload;
                }
            }
        }
    }

    public MeshWorkload? ByName(string @namespace, string name) => _pods.TryGetValue((@namespace, name), out var pod) ? pod.Workload : null;

    public MeshWorkload? ByAddress(string address) => _byAddress.GetValueOrDefault(address);

    public void Update(MeshState state, Func<string, Locality> localityOf)
    {
        var pods = new Dictionary<(string, string), (Resource, Locality, MeshWorkload?)>();
        var byAddress = new Dictionary<string, MeshWorkload>(StringComparer.Ordinal);
        foreach (Resource<Pod> pod in state.Of<Pod>(Kinds.Pod))
        {
            (string, string) key = (pod.Namespace, pod.Name);
            Locality locality = localityOf(pod.Spec.Spec.NodeName);
            MeshWorkload? workload = Read(pod, key, locality, localityOf);
            pods[key] = (pod, locality, workload);
            foreach (string address in workload?.Addresses ?? [])
            {
                byAddress.TryAdd(address, workload!);
            }
        }

        _pods = pods;
        _byAddress = byAddress;
    }

    private MeshWorkload? Read(Resource<Pod> pod, (string, string) key, Locality locality, Func<string, Locality> localityOf)
    {
        bool isKnown = _pods.TryGetValue(key, out var old);
        if (isKnown && ReferenceEquals(old.Resource, pod) && old.Locality == locality)
        {
            return old.Workload;
        }

        MeshWorkload? read = CoreFrontEnd.ReadPod(pod, localityOf);
        return isKnown && read is not null && old.Workload is { } before && before.SaysTheSame(read) ? before : read;
    }
}
