using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;

namespace Weft.Local.Tests;

/// <summary>Objects for tests, written as the manifests they stand for.</summary>
internal static class Given
{
    public static Resource<T> Object<T>(string yaml)
        where T : class
    {
        ReadResult read = Assert.Single(ResourceReader.ReadYaml(yaml, ReadOptions.FromApi).Objects);
        Assert.NotNull(read.Resource);
        return (Resource<T>)read.Resource;
    }

    public static Resource<Deployment> Deployment(string name, int replicas, string version = "v1", string strategy = "RollingUpdate") => Object<Deployment>(
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: grid, uid: uid-{{{name}}}}
        spec:
          replicas: {{{replicas.ToString(CultureInfo.InvariantCulture)}}}
          strategy: {type: {{{strategy}}}}
          selector: {matchLabels: {app: {{{name}}}}}
          template:
            metadata:
              labels: {app: {{{name}}}, version: {{{version}}}}
              annotations: {weft.dev/command: sleep 1}
            spec:
              containers:
              - name: main
                ports: [{name: web, containerPort: 8080}]
        """);

    public static PodTemplate Template(string template) => Object<Deployment>(
        $"{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: x, namespace: grid}}, spec: {{selector: {{matchLabels: {{app: web}}}}, template: {template}}}}}").Spec.Template;

    public static Resource<Pod> PodOf(Resource<Deployment> deployment, int index, bool isReady = true) =>
        PodNamed(deployment, DeploymentPlan.Make(deployment.Replicated(index + 1), []).Create[index], isReady);

    public static Resource<Pod> PodNamed(Resource<Deployment> deployment, string name, bool isReady)
    {
        Resource pod = PodObjects.OfDeployment(deployment, name);
        string address = "10.244.9." + ((Math.Abs(name.GetHashCode(StringComparison.Ordinal)) % 250) + 1).ToString(CultureInfo.InvariantCulture);
        return (Resource<Pod>)pod.WithStatus(PodObjects.Status("Running", address, isReady, string.Empty, 0, DateTimeOffset.UnixEpoch));
    }

    public static Resource<Pod> Ready(Resource<Pod> pod) => (Resource<Pod>)pod.WithStatus(PodObjects.Status("Running", pod.Spec.Status.PodIP, true, string.Empty, 0, DateTimeOffset.UnixEpoch));

    public static Resource<Pod> Leaving(Resource<Pod> pod) => pod.With(pod.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch });

    private static Resource<Deployment> Replicated(this Resource<Deployment> deployment, int replicas) =>
        (Resource<Deployment>)deployment.WithContent(deployment.Content.With("spec", deployment.Content["spec"]!.With("replicas", replicas)));

    public static IReadOnlyList<string> Addresses(Resource slice) =>
        [.. ((Resource<EndpointSlice>)slice).Spec.Endpoints.SelectMany(endpoint => endpoint.Addresses)];
}
