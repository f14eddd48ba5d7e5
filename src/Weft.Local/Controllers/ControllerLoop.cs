using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Pods;
using Weft.Store;

namespace Weft.Local.Controllers;

/// <summary>
/// The controllers of a cluster as one loop: any change in the store, then every controller once over the whole store. A machine
/// has some dozens of objects; the whole round costs less than keeping track of what changed.
/// </summary>
public sealed class ControllerLoop(PodServices services, Kubelet kubelet)
{
    private readonly ObjectStore _store = services.Store;
    private readonly UnhonouredFields _unhonoured = new(services.Log);

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                using Watcher watcher = _store.Watch(ObjectFilter.All, _store.Revision);
                Reconcile();
                await foreach (WatchEvent change in watcher.ReadAllAsync(cancellation))
                {
                    if (change.Object is { } changed && changed.Type.Kind is "Deployment" or "Pod" or "Service" or "Namespace" or "EndpointSlice")
                    {
                        Reconcile();
                    }
                }
            }
            catch (GoneException)
            {
                // Too slow for a burst: the next round sees all of it at once.
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // One bad object must not stop the controllers for the others.
                services.Log.Say($"controllers: {exception}");
                await Task.Delay(TimeSpan.FromSeconds(1), services.Clock, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private void Reconcile()
    {
        ReconcileServiceAccounts();
        ReconcileDeployments();
        kubelet.Reconcile(List<Pod>(Kinds.Pod));
        ReconcileEndpointSlices();
        foreach (PodRunner pod in kubelet.Pods)
        {
            pod.RefreshServiceRules();
        }
    }

    private void ReconcileServiceAccounts()
    {
        foreach (Resource ns in _store.List(ObjectFilter.Of(Kinds.Namespace)).Items)
        {
            ObjectKey key = new(string.Empty, "ServiceAccount", ns.Name, "default");
            if (_store.Get(key) is null)
            {
                _store.Put(ResourceReader.Create(Kinds.ServiceAccount, new ObjectMeta { Namespace = ns.Name, Name = "default" }, ResourceNode.Mapping()));
            }
        }
    }

    private void ReconcileDeployments()
    {
        List<Resource<Pod>> pods = List<Pod>(Kinds.Pod);
        List<Resource<Deployment>> deployments = List<Deployment>(Kinds.Deployment);
        foreach (Resource<Deployment> written in deployments)
        {
            Resource<Deployment> deployment = WithCommand(written);
            if (!IsRunnable(deployment))
            {
                services.Log.SayOnce($"{deployment.Key}: nothing says what to run here; add the annotation {PodObjects.CommandAnnotation} to its pod template, or --run deploy/{deployment.Name}='COMMAND'");
                continue;
            }

            _unhonoured.Report(deployment);
            DeploymentPlan plan = DeploymentPlan.Make(deployment, [.. pods.Where(pod => pod.Namespace == deployment.Namespace)]);
            foreach (string name in plan.Create)
            {
                _store.Put(PodObjects.OfDeployment(deployment, name));
            }

            foreach (ObjectKey pod in plan.Delete)
            {
                MarkDeleted(pod);
            }
        }

        HashSet<string> owners = [.. deployments.Select(deployment => deployment.Metadata.Uid)];
        foreach (Resource<Pod> pod in pods.Where(pod => pod.Metadata.DeletionTimestamp is null
            && pod.Metadata.OwnerReferences.Count > 0 && !pod.Metadata.OwnerReferences.Any(reference => owners.Contains(reference.Uid))))
        {
            MarkDeleted(pod.Key);
        }
    }

    /// <summary>The command that <c>--run</c> gave wins over the annotation: it is nearer to the person.</summary>
    private Resource<Deployment> WithCommand(Resource<Deployment> deployment)
    {
        IReadOnlyDictionary<string, string> commands = services.Options.Commands;
        if (!commands.TryGetValue($"{deployment.Name}.{deployment.Namespace}", out string? command) && !commands.TryGetValue(deployment.Name, out command))
        {
            return deployment;
        }

        ResourceNode spec = deployment.Content["spec"]!;
        ResourceNode template = spec["template"]!;
        ResourceNode metadata = template["metadata"] ?? ResourceNode.Mapping();
        ResourceNode annotations = (metadata["annotations"] ?? ResourceNode.Mapping()).With(PodObjects.CommandAnnotation, command);
        return (Resource<Deployment>)deployment.WithContent(deployment.Content.With("spec",
            spec.With("template", template.With("metadata", metadata.With("annotations", annotations)))));
    }

    private static bool IsRunnable(Resource<Deployment> deployment)
    {
        IReadOnlyDictionary<string, string> annotations = deployment.Spec.Template.Metadata.Annotations;
        return annotations.ContainsKey(PodObjects.CommandAnnotation) || annotations.ContainsKey(PodObjects.RoleAnnotation);
    }

    private void ReconcileEndpointSlices()
    {
        List<Resource<Pod>> pods = List<Pod>(Kinds.Pod);
        List<Resource> wanted = [.. List<Service>(Kinds.Service).SelectMany(service => EndpointSlices.Of(service, pods))];
        foreach (Resource slice in wanted)
        {
            _store.Put(slice);
        }

        HashSet<ObjectKey> keys = [.. wanted.Select(slice => slice.Key)];
        foreach (Resource slice in _store.List(ObjectFilter.Of(Kinds.EndpointSlice)).Items.Where(slice => EndpointSlices.IsOurs(slice) && !keys.Contains(slice.Key)))
        {
            _store.Delete(slice.Key);
        }
    }

    /// <summary>As the API server does: the object stays, with the time of its death, until the kubelet has removed the pod.</summary>
    private void MarkDeleted(ObjectKey key)
    {
        if (_store.Get(key) is { Metadata.DeletionTimestamp: null } pod)
        {
            _store.Put(pod.With(pod.Metadata with { DeletionTimestamp = services.Clock.GetUtcNow(), ResourceVersion = string.Empty }));
        }
    }

    private List<Resource<T>> List<T>(KindInfo kind)
        where T : class => [.. _store.List(ObjectFilter.Of(kind)).Items.OfType<Resource<T>>()];
}
