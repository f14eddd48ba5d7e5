using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using Weft.Config;
using Weft.Config.Core;
using Weft.Local.Controllers;
using Weft.Local.Machine;
using Weft.Local.Pods;

namespace Weft.Local.Tests;

public sealed class ControllersTests
{
    [Fact]
    public void Addresses_SameName_GetTheSameAddressInEveryRun()
    {
        AddressPool first = new(10, 96);
        AddressPool second = new(10, 96);
        first.Rent("grid/other");

        Assert.Equal(first.Rent("grid/web"), second.Rent("grid/web"));
        Assert.Equal(first.Rent("grid/web"), first.Rent("grid/web"));
    }

    [Fact]
    public void Addresses_ThousandsOfNames_NeverShareAndNeverAreTheMachines()
    {
        AddressPool pool = new(10, 244);
        HashSet<IPAddress> given = [.. Enumerable.Range(0, 5000).Select(i => pool.Rent("grid/pod-" + i))];

        Assert.Equal(5000, given.Count);
        Assert.DoesNotContain(given, address => address.GetAddressBytes() is [10, 244, 0, _] or [_, _, _, 0 or 255]);
    }

    [Fact]
    public void Addresses_Returned_AreGivenAgain()
    {
        AddressPool pool = new(10, 244);
        IPAddress address = pool.Rent("a");
        pool.Return("a");

        Assert.True(pool.TryReserve("b", address));
        Assert.False(pool.TryReserve("c", address));
    }

    [Fact]
    public void Service_WithoutAddress_IsAdmittedWithOneAndKeepsIt()
    {
        ServiceAddresses addresses = new(new AddressPool(10, 96));
        Resource<Service> written = Given.Object<Service>("{apiVersion: v1, kind: Service, metadata: {name: web, namespace: grid}, spec: {ports: [{port: 80}]}}");

        string first = ((Resource<Service>)addresses.Admit(written)).Spec.ClusterIP;

        Assert.StartsWith("10.96.", first, System.StringComparison.Ordinal);
        Assert.Equal(first, ((Resource<Service>)addresses.Admit(written)).Spec.ClusterIP);
    }

    [Theory]
    [InlineData("clusterIP: None")]
    [InlineData("clusterIP: 10.96.7.7")]
    [InlineData("type: ExternalName, externalName: example.com")]
    public void Service_WithItsOwnAnswer_IsLeftAlone(string field)
    {
        Resource<Service> written = Given.Object<Service>($"{{apiVersion: v1, kind: Service, metadata: {{name: web, namespace: grid}}, spec: {{{field}, ports: [{{port: 80}}]}}}}");

        Assert.Same(written, new ServiceAddresses(new AddressPool(10, 96)).Admit(written));
    }

    [Fact]
    public void UnhonouredFields_AreSaidOnceWithTheirPaths()
    {
        StringWriter text = new();
        MachineLog log = new(text, System.TimeProvider.System);
        Resource<Deployment> deployment = Given.Object<Deployment>(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: grid}
            spec:
              selector: {matchLabels: {app: web}}
              template:
                metadata: {labels: {app: web}}
                spec:
                  hostNetwork: true
                  volumes: []
                  containers:
                  - {name: a, image: x, livenessProbe: {httpGet: {port: 80}}}
                  - {name: b}
            """);
        UnhonouredFields report = new(log);

        report.Report(deployment);
        report.Report(deployment);

        string notice = Assert.Single(log.Notices);
        Assert.Contains("hostNetwork, containers[0].livenessProbe, containers[1]", notice, System.StringComparison.Ordinal);
        Assert.Single(text.ToString().Split('\n', System.StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData("{}", "{}", true)]
    [InlineData("{sidecar.istio.io/inject: 'false'}", "{}", false)]
    [InlineData("{}", "{sidecar.istio.io/inject: 'false'}", false)]
    [InlineData("{sidecar.istio.io/inject: 'true'}", "{sidecar.istio.io/inject: 'false'}", true)]
    public void Sidecar_LabelThenAnnotation_Decide(string labels, string annotations, bool expected)
    {
        PodTemplate template = Given.Template($"{{metadata: {{labels: {labels}, annotations: {annotations}}}, spec: {{containers: [{{name: a}}]}}}}");

        Assert.Equal(expected, SidecarDecision.HasSidecar(template.Metadata.Labels, template.Metadata.Annotations));
    }
}
