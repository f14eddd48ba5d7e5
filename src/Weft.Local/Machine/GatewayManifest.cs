namespace Weft.Local.Machine;

/// <summary>What every machine has without being asked: the system namespace, its node, and one ingress gateway.</summary>
internal static class GatewayManifest
{
    public const string Namespace = "istio-system";
    public const string Name = "istio-ingressgateway";

    public const string Yaml =
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: istio-system}
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: default}
        ---
        apiVersion: v1
        kind: Node
        metadata:
          name: weft
          labels: {kubernetes.io/hostname: weft}
        status:
          addresses:
          - {type: InternalIP, address: 10.244.0.1}
        ---
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: istio-ingressgateway-service-account, namespace: istio-system}
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
          labels: {app: istio-ingressgateway, istio: ingressgateway}
        spec:
          selector: {app: istio-ingressgateway, istio: ingressgateway}
          ports:
          - {name: http, port: 80, targetPort: 80, protocol: TCP}
          - {name: https, port: 443, targetPort: 443, protocol: TCP}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: istio-ingressgateway
          namespace: istio-system
          labels: {app: istio-ingressgateway, istio: ingressgateway}
        spec:
          replicas: 1
          strategy: {type: Recreate}
          selector:
            matchLabels: {app: istio-ingressgateway, istio: ingressgateway}
          template:
            metadata:
              labels: {app: istio-ingressgateway, istio: ingressgateway}
              annotations: {weft.dev/role: router}
            spec:
              serviceAccountName: istio-ingressgateway-service-account
              containers:
              - name: istio-proxy
                ports:
                - {name: http, containerPort: 80}
                - {name: https, containerPort: 443}
        """;
}
