namespace Weft.Control.Tests;

/// <summary>Small pieces of YAML that tests are put together from.</summary>
internal static class Yaml
{
    /// <summary>Two versions of forecast and a web front end in namespace grid.</summary>
    public const string Grid = """
        apiVersion: v1
        kind: Pod
        metadata: {name: web-1, namespace: grid, labels: {app: web, version: v1, security.istio.io/tlsMode: istio}}
        spec: {serviceAccountName: web, nodeName: n1, containers: [{name: app, ports: [{containerPort: 8080, name: main}]}]}
        status: {phase: Running, podIP: 10.1.0.1, podIPs: [{ip: 10.1.0.1}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: forecast-1, namespace: grid, labels: {app: forecast, version: v1, security.istio.io/tlsMode: istio}}
        spec: {serviceAccountName: forecast, nodeName: n1, containers: [{name: app}]}
        status: {phase: Running, podIP: 10.1.0.2, podIPs: [{ip: 10.1.0.2}]}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: forecast-2, namespace: grid, labels: {app: forecast, version: v2, security.istio.io/tlsMode: istio}}
        spec: {serviceAccountName: forecast, nodeName: n1, containers: [{name: app}]}
        status: {phase: Running, podIP: 10.1.0.3, podIPs: [{ip: 10.1.0.3}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: grid}
        spec: {clusterIP: 10.96.0.1, selector: {app: web}, ports: [{name: http, port: 80, targetPort: main}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: forecast, namespace: grid}
        spec: {clusterIP: 10.96.0.2, selector: {app: forecast}, ports: [{name: http, port: 8080, targetPort: 8080}]}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: web-a, namespace: grid, labels: {kubernetes.io/service-name: web}}
        addressType: IPv4
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints:
        - {addresses: [10.1.0.1], targetRef: {kind: Pod, name: web-1, namespace: grid}, conditions: {ready: true}}
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: forecast-a, namespace: grid, labels: {kubernetes.io/service-name: forecast}}
        addressType: IPv4
        ports: [{name: http, port: 8080, protocol: TCP}]
        endpoints:
        - {addresses: [10.1.0.2], targetRef: {kind: Pod, name: forecast-1, namespace: grid}, conditions: {ready: true}}
        - {addresses: [10.1.0.3], targetRef: {kind: Pod, name: forecast-2, namespace: grid}, conditions: {ready: true}}

        """;

    /// <summary>Joins documents.</summary>
    public static string Join(params string[] documents) => string.Join("\n---\n", documents);

    public static string VirtualService(string spec, string name = "forecast", string ns = "grid") => $$"""
        apiVersion: networking.istio.io/v1
        kind: VirtualService
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
        {{spec.TrimEnd().Replace("\n", "\n  ", System.StringComparison.Ordinal).Insert(0, "  ")}}
        """;

    public static string DestinationRule(string spec, string name = "forecast", string ns = "grid") => $$"""
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
        {{spec.TrimEnd().Replace("\n", "\n  ", System.StringComparison.Ordinal).Insert(0, "  ")}}
        """;

    public static string PeerAuthentication(string spec, string name = "default", string ns = "grid") => $$"""
        apiVersion: security.istio.io/v1
        kind: PeerAuthentication
        metadata: {name: {{name}}, namespace: {{ns}}}
        spec:
        {{spec.TrimEnd().Replace("\n", "\n  ", System.StringComparison.Ordinal).Insert(0, "  ")}}
        """;
}
