using System;
using System.Linq;
using Weft.Config.Core;
using Weft.Config.Networking;
using Weft.Config.Security;

namespace Weft.Config.Tests;

public sealed class BindingTests
{
    private const string Rule = """
        apiVersion: networking.istio.io/VERSION
        kind: VirtualService
        metadata: {name: forecast, namespace: grid}
        spec:
          hosts: [forecast]
          http:
          - name: canary
            match:
            - headers: {x-canary: {exact: "1"}}
              uri: {prefix: /v1}
            route:
            - destination: {host: forecast, subset: v2, port: {number: 8080}}
              weight: 10
            timeout: 1m30s
            retries: {attempts: 3, perTryTimeout: 250ms}
        """;

    [Theory]
    [InlineData("v1")]
    [InlineData("v1beta1")]
    [InlineData("v1alpha3")]
    public void VirtualService_EveryVersion_ReadsTheSame(string version)
    {
        Resource resource = Good(Rule.Replace("VERSION", version, StringComparison.Ordinal));

        HttpRoute route = ((Resource<VirtualService>)resource).Spec.Http[0];
        Assert.Equal(("canary", TimeSpan.FromSeconds(90), 3), (route.Name, route.Timeout, route.Retries!.Attempts));
        Assert.Equal(new StringMatch(StringMatchKind.Exact, "1"), route.Match[0].Headers[0].Value);
        Assert.Equal(("v2", 8080u, 10), (route.Route[0].Destination.Subset, route.Route[0].Destination.Port, route.Route[0].Weight));
        Assert.Equal(Good(Rule.Replace("VERSION", "v1", StringComparison.Ordinal)).Digest, resource.Digest);
    }

    [Theory]
    [InlineData("hosts: [forecast]", "hots: [forecast]", "5:3: error: VirtualService grid/forecast: spec.hots: spec has no field \"hots\"; did you mean hosts?")]
    [InlineData("weight: 10", "weight: ten", "13:7: error: VirtualService grid/forecast: spec.http[0].route[0].weight: weight must be a whole number, not a text")]
    [InlineData("weight: 10", "weight: \"10\"", "take the quotes away")]
    [InlineData("weight: 10", "weight: -1", "weight must be between 0")]
    [InlineData("exact: \"1\"", "exact: 1", "exact must be text, and 1 reads as a number; put it in quotes")]
    [InlineData("timeout: 1m30s", "timeout: 90", "timeout must be text")]
    [InlineData("timeout: 1m30s", "timeout: soon", "write for example 5s, 250ms or 1h30m")]
    [InlineData("timeout: 1m30s", "timeout: 0.0001s", "valid duration greater than 1ms")]
    [InlineData("name: forecast,", "", "error: VirtualService grid/: metadata: name is required here; add it.")]
    [InlineData("host: forecast,", "", "spec.http[0].route[0].destination.host: host is required here; add it.")]
    [InlineData("kind: VirtualService", "kind: VirtualServce", "did you mean VirtualService?")]
    [InlineData("networking.istio.io/VERSION", "networking.istio.io/v2", "has no version networking.istio.io/v2; use networking.istio.io/v1")]
    [InlineData("networking.istio.io/VERSION", "v1", "did you mean apiVersion: networking.istio.io/v1?")]
    [InlineData("timeout: 1m30s", "mirror: {host: forecast}", "warning: VirtualService grid/forecast: spec.http[0].mirror: This version of Weft does not honour mirror; the object applies without it.")]
    [InlineData("attempts: 3", "attempts: 0", "attempts are set to 0")]
    [InlineData("[forecast]", "forecast", "hosts must be a list, not a text")]
    public void Read_EachMistake_SaysWhereAndWhatToDo(string from, string to, string expected)
    {
        string text = Rule.Replace(from, to, StringComparison.Ordinal).Replace("VERSION", "v1", StringComparison.Ordinal);

        ReadSet set = ResourceReader.ReadYaml(text, ReadOptions.FromFile with { File = "f.yaml" });

        Assert.Contains(set.AllDiagnostics, d => d.ToString().Contains(expected, StringComparison.Ordinal) && d.ToString().StartsWith("f.yaml:", StringComparison.Ordinal));
    }

    [Fact]
    public void Read_ManyMistakes_AreAllToldInTheOrderOfTheText()
    {
        ReadResult result = Read("""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: forecast, namespace: grid}
            spec:
              hosts: [fore cast]
              http:
              - rout: []
                timeout: 1
              - route: [{destination: {hst: a}}]
            """);

        Assert.Equal([5, 7, 7, 8, 9, 9], result.Diagnostics.Select(d => d.Location.Line));
        Assert.True(result.IsRefused);
    }

    [Fact]
    public void VirtualService_FieldNotHonoured_IsToldAndLeftOutOfTheRecord()
    {
        ReadResult result = Read(Rule.Replace("VERSION", "v1", StringComparison.Ordinal) + "\n    fault: {abort: {httpStatus: 500, percentage: {value: 100}}}\n  tcp:\n  - route: [{destination: {host: a}}]\n");

        Assert.Equal(["warning spec.http[0].fault", "warning spec.tcp"], result.Diagnostics.Select(d => $"{d.Severity.ToString().ToLowerInvariant()} {d.FieldPath}"));
        VirtualService spec = ((Resource<VirtualService>)result.Resource!).Spec;
        Assert.Null(spec.Http[0].Fault);
        Assert.Empty(spec.Tcp);
    }

    [Fact]
    public void VirtualService_FieldNotHonouredThatIsAlsoWrong_IsStillRefused()
    {
        ReadResult result = Read(Rule.Replace("VERSION", "v1", StringComparison.Ordinal) + "\n    fault: {abort: {httpStatus: 9000}}\n");

        Assert.True(result.IsRefused);
    }

    [Fact]
    public void VirtualService_MatchNotHonoured_LeavesTheAlternativeOutRatherThanWideningIt()
    {
        ReadResult result = Read("""
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: forecast, namespace: grid}
            spec:
              hosts: [forecast]
              gateways: [web]
              http:
              - match: [{headers: {"@request.auth.claims.group": {exact: admin}}}]
                route: [{destination: {host: admin}}]
              - match: [{headers: {"@request.auth.claims.group": {exact: x}}}, {uri: {prefix: /a}}]
                route: [{destination: {host: a}}]
            """);

        Assert.False(result.IsRefused);
        HttpRoute route = Assert.Single(((Resource<VirtualService>)result.Resource!).Spec.Http);
        Assert.Equal((1, 1), (route.Index, Assert.Single(route.Match).Index));
    }

    [Theory]
    [InlineData("tls: {mode: ISTIO_MUTUAL}", false)]
    [InlineData("tls: {mode: DISABLE}", false)]
    [InlineData("tls: {mode: SIMPLE, sni: x}", true)]
    [InlineData("tls: {mode: ISTIO_MUTUAL, subjectAltNames: [x]}", true)]
    [InlineData("tls: {mod: DISABLE}", true)]
    [InlineData("outlierDetection: {interval: 1s}", false)]
    [InlineData("loadBalancer: {simple: PASSTHROUGH}", false)]
    public void DestinationRule_TlsBlock_IsHonouredWholeOrRefused(string policy, bool isRefused)
    {
        ReadResult result = Read($"apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {{name: f, namespace: grid}}\nspec:\n  host: f\n  trafficPolicy:\n    {policy}\n");

        Assert.Equal(isRefused, result.IsRefused);
    }

    [Fact]
    public void DestinationRule_UnknownTlsFieldFromAnApi_IsRefusedToo()
    {
        // An API server newer than we are takes fields we have never heard of; in a tls block that must not be ignored.
        ReadResult result = ResourceReader.ReadJson(
            """{"apiVersion":"networking.istio.io/v1","kind":"DestinationRule","metadata":{"name":"f","namespace":"g"},"spec":{"host":"f","trafficPolicy":{"tls":{"mode":"ISTIO_MUTUAL","newField":1}}}}"""u8,
            ReadOptions.FromApi).Objects[0];

        Assert.True(result.IsRefused);
    }

    [Fact]
    public void Gateway_ServerOfAnotherProtocol_IsLeftOutAndTlsIsRefused()
    {
        ReadResult tcp = Read("""
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web, namespace: grid}
            spec:
              selector: {istio: ingressgateway}
              servers:
              - {port: {number: 9000, name: tcp, protocol: TCP}, hosts: ['*']}
              - {port: {number: 80, name: http, protocol: http}, hosts: ['*.example.com']}
            """);
        ReadResult tls = Read("""
            apiVersion: networking.istio.io/v1
            kind: Gateway
            metadata: {name: web, namespace: grid}
            spec: {servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: ['*'], tls: {mode: SIMPLE, credentialName: c}}]}
            """);

        Server server = Assert.Single(((Resource<Gateway>)tcp.Resource!).Spec.Servers);
        Assert.Equal((1, 80u), (server.Index, server.Port.Number));
        Assert.False(tcp.IsRefused);
        Assert.True(tls.IsRefused);
    }

    [Fact]
    public void PeerAuthentication_PortLevels_AreRead()
    {
        var peer = (Resource<PeerAuthentication>)Good("""
            apiVersion: security.istio.io/v1beta1
            kind: PeerAuthentication
            metadata: {name: store, namespace: grid}
            spec: {selector: {matchLabels: {app: store}}, mtls: {mode: STRICT}, portLevelMtls: {6379: {mode: PERMISSIVE}}}
            """);

        Assert.Equal((MutualTlsMode.Strict, MutualTlsMode.Permissive), (peer.Spec.Mode, peer.Spec.PortLevelMtls[6379]));
        Assert.Equal("store", peer.Spec.Selector!["app"]);
    }

    [Theory]
    [InlineData("security.istio.io/v1", "AuthorizationPolicy", true, DiagnosticSeverity.Error)]
    [InlineData("security.istio.io/v1", "RequestAuthentication", true, DiagnosticSeverity.Error)]
    [InlineData("networking.istio.io/v1", "ServiceEntry", false, DiagnosticSeverity.Warning)]
    [InlineData("telemetry.istio.io/v1", "Telemetry", false, DiagnosticSeverity.Warning)]
    [InlineData("rbac.authorization.k8s.io/v1", "ClusterRole", false, DiagnosticSeverity.Info)]
    [InlineData("example.com/v1", "Whatever", false, DiagnosticSeverity.Warning)]
    public void Read_KindNotBuiltYet_IsReportedAndRefusedWhereItWouldProtect(string apiVersion, string kind, bool isRefused, DiagnosticSeverity severity)
    {
        ReadResult result = Read($"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: x, namespace: grid}}\nspec: {{}}\n");

        Assert.Equal((isRefused, severity), (result.IsRefused, Assert.Single(result.Diagnostics).Severity));
    }

    [Fact]
    public void Deployment_OfTheSample_ReadsWhatWeftUpNeeds()
    {
        var deployment = (Resource<Deployment>)Good("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: forecast-v1, namespace: grid}
            spec:
              replicas: 3
              selector: {matchLabels: {app: forecast, version: v1}, matchExpressions: [{key: app, operator: Exists}]}
              strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 25%}}
              template:
                metadata:
                  labels: {app: forecast, version: v1}
                  annotations: {weft.dev/command: grid forecast --version v1}
                spec:
                  serviceAccountName: forecast
                  containers:
                  - name: app
                    image: grid
                    args: [forecast]
                    ports: [{name: http, containerPort: 8080}]
                    env: [{name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}, {name: A, value: "1"}]
                    readinessProbe: {httpGet: {path: /ready, port: http}, periodSeconds: 1}
                    resources: {limits: {cpu: 100m, memory: 64Mi}}
            """);

        PodSpec pod = deployment.Spec.Template.Spec;
        Assert.Equal((3, "forecast"), (deployment.Spec.Replicas, pod.ServiceAccountName));
        Assert.Equal((new IntOrString(0, "http"), 1, "/ready"), (pod.Containers[0].ReadinessProbe!.HttpGet!.Port, pod.Containers[0].ReadinessProbe!.PeriodSeconds, pod.Containers[0].ReadinessProbe!.HttpGet!.Path));
        Assert.Equal("metadata.name", pod.Containers[0].Env[0].FieldPath);
        Assert.Equal("100m", pod.Node["containers"]!.Items[0]["resources"]!["limits"]!["cpu"]!.Text);
        Assert.Equal(new IntOrString(1, null), deployment.Spec.Strategy.MaxSurge);
    }

    [Fact]
    public void Deployment_SelectorThatMissesItsTemplate_IsRefused()
    {
        ReadResult result = Read("""
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: grid}
            spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: wbe}}, spec: {containers: [{name: a, image: b}]}}}
            """);

        Assert.True(result.IsRefused);
        Assert.Contains("does not select the template's own labels", result.Diagnostics[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Secret_DataAndStringData_AreDecodedAndNeverPrinted()
    {
        var secret = (Resource<Secret>)Good("""
            apiVersion: v1
            kind: Secret
            metadata: {name: s, namespace: grid}
            type: kubernetes.io/tls
            data: {a: aGVsbG8=}
            stringData: {b: hunter2}
            """);

        Assert.Equal(("hello", "hunter2"), (Text("a"), Text("b")));
        Assert.DoesNotContain("hunter2", secret.Spec.ToString(), StringComparison.Ordinal);

        string Text(string key) => System.Text.Encoding.UTF8.GetString(secret.Spec.Data[key].Span);
    }

    [Fact]
    public void Secret_ValueThatIsNoBase64_IsNotRepeatedInTheMessage()
    {
        ReadResult result = Read("apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: grid}\ndata: {password: \"hunter2!\"}\n");

        Assert.True(result.IsRefused);
        Assert.DoesNotContain("hunter2", string.Join(" ", result.Diagnostics), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NamespaceLeftOut_IsTheDefaultForNamespacedKindsOnly()
    {
        Assert.Equal("default", Good("apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n").Namespace);
        Assert.Equal("", Good("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n").Namespace);
    }

    [Fact]
    public void ReadYaml_List_GivesItsItems()
    {
        ReadSet set = ResourceReader.ReadYaml("apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: a}}\n- {apiVersion: v1, kind: Namespace, metadata: {name: b}}\n", ReadOptions.FromFile);

        Assert.Equal(["a", "b"], set.Objects.Select(o => o.Resource!.Name));
    }

    private static ReadResult Read(string text) => Assert.Single(ResourceReader.ReadYaml(text, ReadOptions.FromFile with { File = "f.yaml" }).Objects);

    private static Resource Good(string text)
    {
        ReadResult result = Read(text);
        Assert.Empty(result.Diagnostics.Select(d => d.ToString()));
        return result.Resource!;
    }
}
