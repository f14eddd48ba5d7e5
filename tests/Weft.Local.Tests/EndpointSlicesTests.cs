using System.Collections.Generic;
using System.Linq;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;

namespace Weft.Local.Tests;

public sealed class EndpointSlicesTests
{
    private static readonly Resource<Deployment> Web = Given.Deployment("web", replicas: 3);

    private static Resource<Service> Service(string port = "{name: http, port: 80, targetPort: 8080}", string more = "") => Given.Object<Service>(
        $"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: grid, uid: u}}, spec: {{selector: {{app: web}}, ports: [{port}]{more}}}}}");

    [Fact]
    public void Slices_OnlyReadyPodsThatStay_AreEndpoints()
    {
        Resource<Pod> ready = Given.PodOf(Web, 0);
        IReadOnlyList<Resource> slices = EndpointSlices.Of(Service(), [ready, Given.PodOf(Web, 1, isReady: false), Given.Leaving(Given.PodOf(Web, 2))]);

        Assert.Equal([ready.Spec.Status.PodIP], Given.Addresses(Assert.Single(slices)));
        Assert.Equal(8080, ((Resource<EndpointSlice>)slices[0]).Spec.Ports.Single().Port);
    }

    [Fact]
    public void Slices_LastPodGoes_TheSameSliceSaysNobody()
    {
        Resource full = Assert.Single(EndpointSlices.Of(Service(), [Given.PodOf(Web, 0)]));
        Resource empty = Assert.Single(EndpointSlices.Of(Service(), []));

        Assert.Equal(full.Key, empty.Key);
        Assert.Empty(Given.Addresses(empty));
    }

    [Fact]
    public void Slices_NamedTargetPort_IsThePodsOwn()
    {
        Resource slice = Assert.Single(EndpointSlices.Of(Service("{name: http, port: 80, targetPort: web}"), [Given.PodOf(Web, 0)]));

        Assert.Equal(8080, ((Resource<EndpointSlice>)slice).Spec.Ports.Single().Port);
    }

    [Fact]
    public void Slices_PublishNotReady_TakesThemToo() =>
        Assert.Single(Given.Addresses(EndpointSlices.Of(Service(more: ", publishNotReadyAddresses: true"), [Given.PodOf(Web, 0, isReady: false)]).Single()));

    [Fact]
    public void Slices_NoSelector_AreSomebodyElses() =>
        Assert.Empty(EndpointSlices.Of(Given.Object<Service>("{apiVersion: v1, kind: Service, metadata: {name: out, namespace: grid}, spec: {ports: [{port: 80}]}}"), [Given.PodOf(Web, 0)]));
}
