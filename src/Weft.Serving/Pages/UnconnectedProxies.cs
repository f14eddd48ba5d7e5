using System;
using Weft.Control.Derivation;
using Weft.Control.Model;
using Weft.Serving.Discovery;
using Weft.Xds.Proto.Service.Discovery.V3;
using Weft.Xds.Proto.WeftV1;

namespace Weft.Serving.Pages;

/// <summary>What a proxy would be sent if it connected now.</summary>
internal static class UnconnectedProxies
{
    /// <summary>Describes the proxy of a pod named <c>pod.namespace</c>; null when there is no such pod.</summary>
    public static ProxyDescription? Find(RoutingModel model, string displayName)
    {
        int dot = displayName.LastIndexOf('.');
        if (dot <= 0 || model.FindWorkload(displayName[(dot + 1)..], displayName[..dot]) is not { } pod)
        {
            return null;
        }

        bool isGateway = pod.Labels.TryGetValue("istio", out string? role) && role.EndsWith("gateway", StringComparison.Ordinal);
        string address = pod.Addresses.IsEmpty ? "0.0.0.0" : pod.Addresses[0];
        return new ProxyDescription
        {
            Id = $"{(isGateway ? "router" : "sidecar")}~{address}~{pod.Name}.{pod.Namespace}~{pod.Namespace}.svc.{model.Settings.ClusterDomain}",
            Kind = isGateway ? ProxyKind.Router : ProxyKind.Sidecar,
            Dialect = Dialect.Weft,
            Namespace = pod.Namespace,
            Name = pod.Name,
            ServiceAccount = pod.ServiceAccount,
            Labels = pod.Labels,
            Addresses = pod.Addresses,
        };
    }

    /// <summary>The first push of a stream that subscribes to everything: the same code that serves proxies.</summary>
    public static ProxyResources ResourcesOf(ProxySnapshot snapshot, TimeProvider clock)
    {
        var session = new DeltaSession(Dialect.Weft, clock);
        foreach (string typeUrl in XdsTypes.PushOrder)
        {
            session.TryTake(new DeltaDiscoveryRequest { TypeUrl = typeUrl, ResourceNamesSubscribe = { "*" } }, out _);
        }

        session.SetTarget(snapshot);
        var resources = new ProxyResources { Digest = snapshot.Digest };
        resources.Responses.AddRange(session.NextPush());
        return resources;
    }
}
