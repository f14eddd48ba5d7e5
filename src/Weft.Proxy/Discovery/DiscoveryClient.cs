using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Grpc.Core;
using Weft.Policy.Snapshot;
using Weft.Xds;
using Weft.Xds.Delta;

namespace Weft.Proxy.Discovery;

/// <summary>
/// Keeps the snapshot and the identity of this proxy up to date from weftd: one delta ADS stream, one certificate. Runs on pool threads, never on
/// a loop; when the control plane is away, what was published last keeps serving and the stream is tried again with jittered back-off.
/// Does not own the store.
/// </summary>
public sealed class DiscoveryClient : IDisposable
{
    /// <summary>A stream that lived this long was a good one: the next failure starts the back-off anew.</summary>
    private static readonly TimeSpan GoodStream = TimeSpan.FromSeconds(10);

    private readonly DiscoveryOptions _options;
    private readonly SnapshotStore _store;
    private readonly ISnapshotSink _snapshots;
    private readonly StatusCell _status;
    private readonly CancellationTokenSource _stop = new();
    private readonly CertificateHolder _holder = new();
    private readonly CertificateClient? _certificates;
    private readonly SnapshotAssembler _assembler;
    private readonly DeltaAdsClient _ads;
    private Task _work = Task.CompletedTask;

    public DiscoveryClient(DiscoveryOptions options, SnapshotStore store, ISnapshotSink snapshots, IIdentitySink identities)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _status = new StatusCell(options.Log);
        _store = store;
        _snapshots = snapshots;
        ControlPlaneChannel.Check(options);
        if (options.WantsIdentity) _certificates = new CertificateClient(options, _holder, identities, _status);
        else _status.Update(s => s with { HasIdentity = true });
        _assembler = new SnapshotAssembler(store);
        var version = typeof(DiscoveryClient).Assembly.GetName().Version?.ToString() ?? "";
        _ads = new DeltaAdsClient(_assembler, NodeMessage.Write(options.NodeId, options.NodeCluster, options.Metadata, options.Labels, version));
        _ads.SubscribeAll(XdsTypes.Weft);
    }

    /// <summary>Any thread.</summary>
    public DiscoveryStatus Status => _status.Current;

    /// <summary>Returns at once.</summary>
    public void Start() => _work = Task.Run(RunAsync);

    /// <summary>Closes the stream and waits for its tasks, a few milliseconds.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        try
        {
            _work.Wait(TimeSpan.FromSeconds(2));
        }
        catch (AggregateException e) when (e.InnerException is OperationCanceledException)
        {
            // Being told to stop is the normal end.
        }

        _assembler.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var certificates = _certificates?.RunAsync(_stop.Token) ?? Task.CompletedTask;
        // With TLS the stream is authenticated by the certificate, so that comes first.
        if (_certificates is not null && !_options.IsPlaintext) await Task.WhenAny(_certificates.First, certificates).ConfigureAwait(false);
        await Task.WhenAll(certificates, RunStreamsAsync()).ConfigureAwait(false);
    }

    private async Task RunStreamsAsync()
    {
        var failures = 0;
        while (!_stop.IsCancellationRequested)
        {
            var began = Environment.TickCount64;
            var error = "the control plane closed the stream";
            try
            {
                await RunStreamAsync().ConfigureAwait(false);
            }
            catch (RpcException e)
            {
                error = $"{e.Status.StatusCode}: {e.Status.Detail}";
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                // Also what should not happen: a proxy without discovery would look healthy and grow stale.
                error = $"{e.GetType().Name}: {e.Message}";
            }

            _ads.Close();
            _status.Update(s => s with { IsConnected = false, LastError = $"discovery: {error}" });
            failures = Environment.TickCount64 - began > GoodStream.TotalMilliseconds ? 1 : failures + 1;
            await Task.Delay(BackOff.Delay(failures, _options.BackOffBase, _options.BackOffMax, Random.Shared.NextDouble()), _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task RunStreamAsync()
    {
        var call = new CallOptions(CertificateClient.Headers(_options), cancellationToken: _stop.Token);
        using var channel = new ControlPlaneChannel(_options, _holder);
        using var stream = channel.Invoker.AsyncDuplexStreamingCall(RawCall.DeltaAggregatedResources, null, call);
        foreach (var request in _ads.Open()) await stream.RequestStream.WriteAsync(request.ToBytes(), _stop.Token).ConfigureAwait(false);
        // A control plane that has nothing new sends nothing, so this is all the sign there may be.
        _status.Update(s => s with { IsConnected = true, Connects = s.Connects + 1, LastError = WithoutStreamError(s.LastError) });
        while (await stream.ResponseStream.MoveNext(_stop.Token).ConfigureAwait(false))
        {
            var answer = Take(stream.ResponseStream.Current);
            if (answer is null) throw new IOException("the control plane sent a response that cannot be read");
            await stream.RequestStream.WriteAsync(answer, _stop.Token).ConfigureAwait(false);
        }
    }

    private static string WithoutStreamError(string error) => error.StartsWith("discovery:", StringComparison.Ordinal) ? "" : error;

    /// <summary>Applies one response and returns its ACK or NACK; null when it was unreadable.</summary>
    private byte[]? Take(byte[] response)
    {
        var outcome = _ads.OnResponse(response, out var answer);
        if (answer is null) return null;
        var isAccepted = outcome.Error.Length == 0;
        _status.Update(s => s with
        {
            LastRejection = isAccepted ? s.LastRejection : outcome.Error,
            PushesAccepted = s.PushesAccepted + (isAccepted ? 1 : 0),
            PushesRejected = s.PushesRejected + (isAccepted ? 0 : 1),
            IgnoredFields = s.IgnoredFields + outcome.IgnoredFields,
        });
        if (outcome.Published is { } snapshot) Publish(snapshot);
        return answer.ToBytes();
    }

    private void Publish(MeshSnapshot snapshot)
    {
        _status.Update(s => s with
        {
            IsReady = true,
            Digest = snapshot.Digest,
            LastPush = DateTimeOffset.UtcNow,
            LastRejection = _assembler.RefusedCount == 0 ? "" : s.LastRejection,
        });
        _snapshots.OnSnapshot(snapshot);
        // Blocks that this publish replaced are freed as soon as every loop has moved on; a loop that sleeps is parked and holds none.
        _store.Collect();
    }
}
