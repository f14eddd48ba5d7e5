using System;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Weft.Control.Derivation;
using Weft.Control.Model;
using Weft.Serving.Authentication;
using Weft.Serving.Publishing;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Discovery;

/// <summary>The aggregated discovery service: delta for proxies. State of the world comes with proxyless gRPC.</summary>
public sealed partial class DiscoveryService(
    MeshPublisher publisher, ProxyRegistry registry, CallerAuthenticator authenticator, DiscoveryMetrics metrics, TimeProvider clock, ILogger<DiscoveryService> log)
    : AggregatedDiscoveryService.AggregatedDiscoveryServiceBase
{
    private readonly ILogger _log = log;

    public override Task StreamAggregatedResources(
        IAsyncStreamReader<DiscoveryRequest> requestStream, IServerStreamWriter<DiscoveryResponse> responseStream, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.Unimplemented, "weftd speaks delta discovery only: use DeltaAggregatedResources"));

    public override async Task DeltaAggregatedResources(
        IAsyncStreamReader<DeltaDiscoveryRequest> requestStream, IServerStreamWriter<DeltaDiscoveryResponse> responseStream, ServerCallContext context)
    {
        CallerIdentity caller = await authenticator.AuthenticateAsync(context).ConfigureAwait(false);
        if (publisher.Current is null)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "the sources of weftd have not synced yet: try again"));
        }

        if (!await requestStream.MoveNext(context.CancellationToken).ConfigureAwait(false))
        {
            return;
        }

        DeltaDiscoveryRequest first = requestStream.Current;
        ProxyDescription proxy = ProxyDescription.TryRead(first.Node, out string error) ?? throw new RpcException(new Status(StatusCode.InvalidArgument, error));
        Authorize(caller, proxy);

        var connection = new ProxyConnection(proxy, clock);
        registry.Add(connection);
        LogConnected(proxy.DisplayName, proxy.Kind, proxy.Dialect, proxy.Version, caller.ToString());
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        try
        {
            connection.Take(first, metrics);
            Task writer = connection.WriteAsync(() => publisher.Current, responseStream, metrics, registry.Changed, stop.Token);
            Task reader = ReadAsync(connection, requestStream, stop.Token);
            await (await Task.WhenAny(writer, reader).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The proxy went away, or we are stopping.
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            registry.Remove(connection);
            LogDisconnected(proxy.DisplayName);
        }
    }

    private async Task ReadAsync(ProxyConnection connection, IAsyncStreamReader<DeltaDiscoveryRequest> stream, CancellationToken cancellation)
    {
        while (await stream.MoveNext(cancellation).ConfigureAwait(false))
        {
            DeltaDiscoveryRequest request = stream.Current;
            connection.Take(request, metrics);
            if (request.ErrorDetail is { } detail)
            {
                LogRejected(connection.Proxy.DisplayName, XdsTypes.ShortName(request.TypeUrl), detail.Message);
            }

            registry.Changed();
        }
    }

    /// <summary>A caller is served only what is meant for its own identity: namespace and service account of the node, and of the pod that it says it is, must be the caller's.</summary>
    private void Authorize(CallerIdentity caller, ProxyDescription proxy)
    {
        if (caller.IsLocal)
        {
            return;
        }

        string account = proxy.ServiceAccount.Length > 0 ? proxy.ServiceAccount : caller.ServiceAccount;
        MeshWorkload? pod = publisher.Current?.Mesh.Model.FindWorkload(proxy.Namespace, proxy.Name);
        bool isOwn = proxy.Namespace == caller.Namespace && account == caller.ServiceAccount && (pod is null || pod.ServiceAccount == caller.ServiceAccount);
        if (!isOwn)
        {
            LogDenied(caller.ToString(), proxy.DisplayName, proxy.Namespace, account);
            throw new RpcException(new Status(StatusCode.PermissionDenied, $"{caller} may not act as {proxy.DisplayName} with service account {pod?.ServiceAccount ?? account}"));
        }
    }
}
