using System;
using System.Collections.Generic;
using System.Threading;
using Weft.Config;
using Weft.Store;

namespace Weft.Kubernetes;

/// <summary>All kinds <c>weftd</c> needs from one API server, one reflector each, as one stream of batches.</summary>
public sealed class ApiObjectSource(ApiEndpoint endpoint, IReadOnlyList<KindInfo> kinds) : IObjectSource
{
    /// <summary>What <c>weftd</c> watches: Pods, Nodes, Namespaces, Services, EndpointSlices, Secrets, ServiceAccounts and Istio's configuration.</summary>
    public static IReadOnlyList<KindInfo> DefaultKinds { get; } =
    [
        Kinds.Namespace, Kinds.Node, Kinds.Pod, Kinds.Service, Kinds.EndpointSlice, Kinds.Secret, Kinds.ServiceAccount,
        Kinds.VirtualService, Kinds.DestinationRule, Kinds.Gateway, Kinds.PeerAuthentication, Kinds.RequestAuthentication, Kinds.AuthorizationPolicy,
    ];

    /// <inheritdoc/>
    public IAsyncEnumerable<ObjectBatch> ReadAllAsync(CancellationToken cancellation) => throw new InvalidOperationException($"{endpoint}{kinds}");
}
