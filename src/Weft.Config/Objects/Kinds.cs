using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Config;

/// <summary>The table of kinds. A later issue that builds a kind changes its row and adds a binder.</summary>
public static class Kinds
{
    private static readonly string[] V1 = ["v1"];
    private static readonly string[] Networking = ["v1", "v1beta1", "v1alpha3"];
    private static readonly string[] SecurityVersions = ["v1", "v1beta1"];

    public static KindInfo Namespace { get; } = new("", "Namespace", "namespaces", V1, false, KindSupport.Typed);
    public static KindInfo Node { get; } = new("", "Node", "nodes", V1, false, KindSupport.Typed);
    public static KindInfo Pod { get; } = new("", "Pod", "pods", V1, true, KindSupport.Typed);
    public static KindInfo Service { get; } = new("", "Service", "services", V1, true, KindSupport.Typed);
    public static KindInfo Secret { get; } = new("", "Secret", "secrets", V1, true, KindSupport.Typed);
    public static KindInfo ServiceAccount { get; } = new("", "ServiceAccount", "serviceaccounts", V1, true, KindSupport.Typed);
    public static KindInfo ConfigMap { get; } = new("", "ConfigMap", "configmaps", V1, true, KindSupport.Typed);
    public static KindInfo EndpointSlice { get; } = new("discovery.k8s.io", "EndpointSlice", "endpointslices", V1, true, KindSupport.Typed);
    public static KindInfo Deployment { get; } = new("apps", "Deployment", "deployments", V1, true, KindSupport.Typed);
    public static KindInfo VirtualService { get; } =
        new("networking.istio.io", "VirtualService", "virtualservices", Networking, true, KindSupport.Typed);
    public static KindInfo DestinationRule { get; } =
        new("networking.istio.io", "DestinationRule", "destinationrules", Networking, true, KindSupport.Typed);
    public static KindInfo Gateway { get; } = new("networking.istio.io", "Gateway", "gateways", Networking, true, KindSupport.Typed);
    public static KindInfo PeerAuthentication { get; } =
        new("security.istio.io", "PeerAuthentication", "peerauthentications", SecurityVersions, true, KindSupport.Typed);
    public static KindInfo RequestAuthentication { get; } =
        new("security.istio.io", "RequestAuthentication", "requestauthentications", SecurityVersions, true, KindSupport.Refused);
    public static KindInfo AuthorizationPolicy { get; } =
        new("security.istio.io", "AuthorizationPolicy", "authorizationpolicies", SecurityVersions, true, KindSupport.Refused);

    /// <summary>Every kind that is known, typed or not.</summary>
    public static IReadOnlyList<KindInfo> All { get; } =
    [
        Namespace, Node, Pod, Service, Secret, ServiceAccount, ConfigMap, EndpointSlice, Deployment,
        VirtualService, DestinationRule, Gateway, PeerAuthentication, RequestAuthentication, AuthorizationPolicy,
        NotYet("networking.istio.io", "ServiceEntry", "serviceentries", Networking),
        NotYet("networking.istio.io", "Sidecar", "sidecars", Networking),
        NotYet("networking.istio.io", "WorkloadEntry", "workloadentries", Networking),
        NotYet("networking.istio.io", "WorkloadGroup", "workloadgroups", Networking),
        NotYet("networking.istio.io", "EnvoyFilter", "envoyfilters", ["v1alpha3"]),
        NotYet("networking.istio.io", "ProxyConfig", "proxyconfigs", ["v1beta1"]),
        NotYet("telemetry.istio.io", "Telemetry", "telemetries", ["v1", "v1alpha1"]),
        NotYet("extensions.istio.io", "WasmPlugin", "wasmplugins", ["v1alpha1"]),
        NotYet("extensions.istio.io", "TrafficExtension", "trafficextensions", ["v1alpha1"]),
        NotYet("gateway.networking.k8s.io", "GatewayClass", "gatewayclasses", ["v1", "v1beta1"], isNamespaced: false),
        NotYet("gateway.networking.k8s.io", "Gateway", "gateways", ["v1", "v1beta1"]),
        NotYet("gateway.networking.k8s.io", "HTTPRoute", "httproutes", ["v1", "v1beta1"]),
        NotYet("gateway.networking.k8s.io", "GRPCRoute", "grpcroutes", ["v1", "v1alpha2"]),
        NotYet("gateway.networking.k8s.io", "TLSRoute", "tlsroutes", ["v1", "v1alpha3", "v1alpha2"]),
        NotYet("gateway.networking.k8s.io", "TCPRoute", "tcproutes", ["v1", "v1alpha2"]),
        NotYet("gateway.networking.k8s.io", "ReferenceGrant", "referencegrants", ["v1", "v1beta1"]),
        NotYet("gateway.networking.k8s.io", "BackendTLSPolicy", "backendtlspolicies", ["v1", "v1alpha3"]),
        NotYet("networking.k8s.io", "Ingress", "ingresses", V1),
        NotYet("apps", "StatefulSet", "statefulsets", V1),
        NotYet("apps", "DaemonSet", "daemonsets", V1),
        NotYet("apps", "ReplicaSet", "replicasets", V1),
        NotYet("batch", "Job", "jobs", V1),
        NotYet("batch", "CronJob", "cronjobs", V1),
        NotYet("networking.k8s.io", "NetworkPolicy", "networkpolicies", V1),
        Kept("", "PersistentVolumeClaim", "persistentvolumeclaims", V1),
        Kept("", "PersistentVolume", "persistentvolumes", V1, isNamespaced: false),
        Kept("", "Endpoints", "endpoints", V1),
        Kept("", "Event", "events", V1),
        Kept("", "ResourceQuota", "resourcequotas", V1),
        Kept("", "LimitRange", "limitranges", V1),
        Kept("coordination.k8s.io", "Lease", "leases", V1),
        Kept("policy", "PodDisruptionBudget", "poddisruptionbudgets", V1),
        Kept("autoscaling", "HorizontalPodAutoscaler", "horizontalpodautoscalers", ["v2", "v1"]),
        Kept("rbac.authorization.k8s.io", "Role", "roles", V1),
        Kept("rbac.authorization.k8s.io", "RoleBinding", "rolebindings", V1),
        Kept("rbac.authorization.k8s.io", "ClusterRole", "clusterroles", V1, isNamespaced: false),
        Kept("rbac.authorization.k8s.io", "ClusterRoleBinding", "clusterrolebindings", V1, isNamespaced: false),
        Kept("admissionregistration.k8s.io", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", V1, isNamespaced: false),
        Kept("admissionregistration.k8s.io", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", V1, isNamespaced: false),
        Kept("storage.k8s.io", "StorageClass", "storageclasses", V1, isNamespaced: false),
        Kept("apiextensions.k8s.io", "CustomResourceDefinition", "customresourcedefinitions", V1, isNamespaced: false),
    ];

    private static readonly FrozenDictionary<(string, string), KindInfo> ByGroupKind = All.ToFrozenDictionary(k => (k.Group, k.Kind));
    private static readonly FrozenDictionary<(string, string), KindInfo> ByGroupPlural = All.ToFrozenDictionary(k => (k.Group, k.Plural));

    /// <summary>Finds a kind by group and kind; null when it is unknown.</summary>
    public static KindInfo? Find(string group, string kind) => ByGroupKind.GetValueOrDefault((group, kind));

    /// <summary>Finds a kind by group and path word; null when it is unknown.</summary>
    public static KindInfo? FindPlural(string group, string plural) => ByGroupPlural.GetValueOrDefault((group, plural));

    /// <summary>The kind of an <see cref="ObjectKey"/>; null when it is unknown.</summary>
    public static KindInfo? Find(ObjectKey key) => Find(key.Group, key.Kind);

    /// <summary>Splits <c>networking.istio.io/v1</c> or <c>v1</c> into group and version.</summary>
    public static (string Group, string Version) SplitApiVersion(string apiVersion)
    {
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? ("", apiVersion) : (apiVersion[..slash], apiVersion[(slash + 1)..]);
    }

    internal static IEnumerable<string> Names => All.Select(k => k.Kind);

    private static KindInfo NotYet(string group, string kind, string plural, IReadOnlyList<string> versions, bool isNamespaced = true) =>
        new(group, kind, plural, versions, isNamespaced, KindSupport.NotHonoured);

    private static KindInfo Kept(string group, string kind, string plural, IReadOnlyList<string> versions, bool isNamespaced = true) =>
        new(group, kind, plural, versions, isNamespaced, KindSupport.Kept);
}
