using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;

namespace Weft.Local.Pods;

/// <summary>Leads the life of every Pod object in the store: starts a runner for each new one, asks it to end when the object says so.</summary>
public sealed class Kubelet
{
    private readonly PodServices _services;
    private readonly AddressPool _addresses;
    private readonly CancellationToken _machine;
    private readonly ConcurrentDictionary<ObjectKey, PodRunner> _runners = new();
    private readonly ConcurrentDictionary<ObjectKey, PodLaunch> _launches = new();
    private readonly ConcurrentDictionary<ObjectKey, Task> _lives = new();

    /// <param name="services">The machine.</param>
    /// <param name="machine">Cancelled when everything ends.</param>
    public Kubelet(PodServices services, CancellationToken machine)
    {
        ArgumentNullException.ThrowIfNull(services);
        _services = services;
        _addresses = new AddressPool(services.Network.PodPrefix.First, services.Network.PodPrefix.Second);
        _machine = machine;
    }

    /// <summary>The pods that have a runner.</summary>
    public IReadOnlyList<PodRunner> Pods => [.. _runners.Values];

    /// <summary>The runner of a pod, or null.</summary>
    public PodRunner? Find(ObjectKey pod) => _runners.GetValueOrDefault(pod);

    /// <summary>Says what a bare pod runs, before its object is put into the store.</summary>
    public void Prepare(ObjectKey pod, PodLaunch launch) => _launches[pod] = launch;

    /// <summary>Brings runners in line with the Pod objects. Called from the controllers' loop only.</summary>
    public void Reconcile(IReadOnlyList<Resource<Pod>> pods)
    {
        foreach (Resource<Pod> pod in pods)
        {
            if (pod.Metadata.DeletionTimestamp is not null)
            {
                if (_runners.TryGetValue(pod.Key, out PodRunner? leaving))
                {
                    leaving.Remove();
                }
                else
                {
                    _services.Store.Delete(pod.Key);
                }
            }
            else if (!_runners.ContainsKey(pod.Key) && LaunchOf(pod) is { } launch)
            {
                Start(pod, launch);
            }
        }

        HashSet<ObjectKey> known = [.. pods.Select(pod => pod.Key)];
        foreach (PodRunner orphan in _runners.Where(pair => !known.Contains(pair.Key)).Select(pair => pair.Value))
        {
            orphan.Remove();
        }
    }

    /// <summary>Completes when the runners of the present have ended.</summary>
    public Task WhenAllEnded() => Task.WhenAll(_lives.Values);

    private void Start(Resource<Pod> pod, PodLaunch launch)
    {
        string name = pod.Namespace + "/" + pod.Name;
        IPAddress address = _addresses.Rent(name);
        PodRunner runner = new(pod, launch, _services, address, _machine);
        _runners[pod.Key] = runner;
        _lives[pod.Key] = Task.Run(async () =>
        {
            try
            {
                await runner.RunAsync();
            }
            catch (Exception exception)
            {
                // A pod's life must not end the machine; what is ours to fix is in the log.
                _services.Log.Say($"{runner.Identity}: {exception}");
            }
            finally
            {
                _runners.TryRemove(pod.Key, out _);
                _launches.TryRemove(pod.Key, out _);
                _lives.TryRemove(pod.Key, out _);
                _addresses.Return(name);
            }
        }, CancellationToken.None);
    }

    private PodLaunch? LaunchOf(Resource<Pod> pod)
    {
        if (_launches.TryGetValue(pod.Key, out PodLaunch? prepared))
        {
            return prepared;
        }

        if (pod.Metadata.Annotations.GetValueOrDefault(PodObjects.RoleAnnotation) == "router")
        {
            return new PodLaunch { Kind = PodKind.Router };
        }

        bool hasSidecar = SidecarDecision.HasSidecar(pod.Metadata.Labels, pod.Metadata.Annotations);
        return CommandOf(pod) is { Count: > 0 } words ? new PodLaunch { Kind = hasSidecar ? PodKind.Sidecar : PodKind.Plain, Words = words } : null;
    }

    private IReadOnlyList<string>? CommandOf(Resource<Pod> pod)
    {
        try
        {
            return pod.Metadata.Annotations.TryGetValue(PodObjects.CommandAnnotation, out string? command) ? ShellWords.Split(command) : null;
        }
        catch (FormatException exception)
        {
            _services.Log.SayOnce($"{pod.Key}: annotation {PodObjects.CommandAnnotation}: {exception.Message}");
            return null;
        }
    }
}
