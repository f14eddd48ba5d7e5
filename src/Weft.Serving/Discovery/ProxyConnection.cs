using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Grpc.Core;
using Weft.Control.Derivation;
using Weft.Serving.Publishing;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Discovery;

/// <summary>
/// One proxy's stream: a reader that takes requests and a writer that pushes. Only the writer waits for the peer, so a slow proxy delays nobody else; what it misses meanwhile is merged.
/// </summary>
public sealed class ProxyConnection
{
    private readonly DeltaSession _session;
    private readonly TimeProvider _clock;
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Lock _lock = new();
    private MeshVersion? _version;

    internal ProxyConnection(ProxyDescription proxy, TimeProvider clock)
    {
        Proxy = proxy;
        _clock = clock;
        _session = new DeltaSession(proxy.Dialect, clock);
        ConnectedTicks = clock.GetTimestamp();
    }

    public ProxyDescription Proxy { get; }

    internal long ConnectedTicks { get; }

    /// <summary>The state of the protocol now. Any thread.</summary>
    public ConnectionStatus Status()
    {
        lock (_lock)
        {
            return new ConnectionStatus(
                Proxy, _session.SentDigest, _session.AckedDigest, _session.Pushes, _clock.GetElapsedTime(ConnectedTicks), _session.Status(), _version?.Number ?? 0, _session.IsConverged);
        }
    }

    /// <summary>A newer version is in force: look at it when you can. Any thread; never blocks.</summary>
    internal void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Takes a request; throws <see cref="RpcException"/> when the peer broke the protocol.</summary>
    internal void Take(DeltaDiscoveryRequest request, DiscoveryMetrics metrics)
    {
        lock (_lock)
        {
            long rejections = _session.Rejections;
            bool wasConverged = _session.IsConverged;
            if (!_session.TryTake(request, out string error))
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, error));
            }

            if (_session.Rejections > rejections)
            {
                metrics.Rejected(request.TypeUrl);
            }

            if (!wasConverged && _session.IsConverged && _version is { } version)
            {
                metrics.Converged(_clock.GetElapsedTime(version.PublishedTicks));
            }
        }

        Wake();
    }

    /// <summary>Pushes until cancelled.</summary>
    internal async Task WriteAsync(
        Func<MeshVersion?> current, IServerStreamWriter<DeltaDiscoveryResponse> stream, DiscoveryMetrics metrics, Action converged, CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            IReadOnlyList<DeltaDiscoveryResponse> responses = Next(current(), out TimeSpan? retry);
            foreach (DeltaDiscoveryResponse response in responses)
            {
                await stream.WriteAsync(response, cancellation).ConfigureAwait(false);
                metrics.Pushed(response.TypeUrl);
            }

            converged();
            if (responses.Count == 0)
            {
                await SleepAsync(retry, cancellation).ConfigureAwait(false);
            }
        }
    }

    private async Task SleepAsync(TimeSpan? longest, CancellationToken cancellation)
    {
        if (longest is { } limit)
        {
            using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            timer.CancelAfter(limit);
            try
            {
                await _wake.Reader.ReadAsync(timer.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // The time is over: look again.
            }

            return;
        }

        await _wake.Reader.ReadAsync(cancellation).ConfigureAwait(false);
    }

    private IReadOnlyList<DeltaDiscoveryResponse> Next(MeshVersion? version, out TimeSpan? retry)
    {
        retry = null;
        if (version is null)
        {
            return [];
        }

        // Derived outside of the lock: the first proxy of a kind pays for all of its kind.
        ProxySnapshot? target = ReferenceEquals(version.Mesh, _version?.Mesh) ? null : version.Mesh.Derive(Proxy);
        lock (_lock)
        {
            _version = version;
            if (target is not null)
            {
                _session.SetTarget(target);
            }

            IReadOnlyList<DeltaDiscoveryResponse> responses = _session.NextPush();
            if (responses.Count == 0 && _session.IsWaitingForSubscriptions)
            {
                TimeSpan left = _session.GraceLeft;
                retry = left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(1) : null;
            }

            return responses;
        }
    }
}
