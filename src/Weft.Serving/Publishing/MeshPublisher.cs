using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Weft.Config;
using Weft.Control.Acceptance;
using Weft.Control.Collections;
using Weft.Control.Derivation;
using Weft.Control.FrontEnds;
using Weft.Control.Model;
using Weft.Store;

namespace Weft.Serving.Publishing;

/// <summary>
/// From source to proxies: applies batches, journals what was accepted, derives, publishes. One task does all of it; readers take <see cref="Current"/> from any thread.
/// </summary>
public sealed partial class MeshPublisher : IDisposable
{
    private readonly Acceptor _acceptor = new();
    private readonly ModelBuilder _builder;
    private readonly AcceptedJournal? _journal;
    private readonly PublisherOptions _options;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly HashSet<(string, string)> _reported = [];
    private MeshVersion? _current;
    private long _sourceRevision;
    private long _syncState;

    public MeshPublisher(MeshSettings settings, AcceptedJournal? journal, ILogger<MeshPublisher> log, PublisherOptions? options = null, TimeProvider? clock = null)
    {
        _builder = new ModelBuilder(settings);
        _journal = journal;
        _log = log;
        _options = options ?? new PublisherOptions();
        _clock = clock ?? TimeProvider.System;
    }

    /// <summary>Null until there is something to serve: a synced source, or a journal.</summary>
    public MeshVersion? Current => Volatile.Read(ref _current);

    /// <summary>Everything up to this revision of the source has been taken in (though perhaps not yet published).</summary>
    public long SourceRevision => Volatile.Read(ref _sourceRevision);

    /// <summary>True once the source has said everything.</summary>
    public bool IsSynced => Volatile.Read(ref _syncState) == 1;

    /// <summary>Places of the objects of the last few accepted sets.</summary>
    public SideTables SideTables { get; } = new();

    /// <summary>Raised after each publication, on the publisher's task; handlers must not block.</summary>
    public event Action<MeshVersion>? Published;

    /// <summary>Serves what the journal holds, before the source has said anything.</summary>
    public void LoadJournal()
    {
        if (_journal is null)
        {
            return;
        }

        _acceptor.Load(_journal.Load(problem => LogJournalEntry(problem)));
        if (_acceptor.IsReady)
        {
            Publish(ChangeScope.Configuration);
            LogJournalLoaded(_acceptor.State.Count, _acceptor.State.Digest);
        }
    }

    /// <summary>Follows the source until cancelled.</summary>
    public async Task RunAsync(IObjectSource source, CancellationToken cancellation)
    {
        Channel<ObjectBatch> batches = Channel.CreateBounded<ObjectBatch>(new BoundedChannelOptions(64) { SingleReader = true, SingleWriter = true });
        Task pump = PumpAsync(source, batches.Writer, cancellation);
        ChangeScope pending = ChangeScope.None;
        long firstChange = 0;
        while (true)
        {
            if (!await WaitAsync(batches.Reader, pending, firstChange, cancellation).ConfigureAwait(false))
            {
                break;
            }

            ChangeScope now = ChangeScope.None;
            while (batches.Reader.TryRead(out ObjectBatch? batch))
            {
                ChangeScope one = Apply(batch);
                now = one > now ? one : now;
            }

            if (now == ChangeScope.Configuration && pending < ChangeScope.Configuration)
            {
                firstChange = _clock.GetTimestamp();
            }

            bool wasQuiet = now == ChangeScope.None;
            pending = now > pending ? now : pending;
            bool isDue = now == ChangeScope.Endpoints
                || (pending == ChangeScope.Configuration && (wasQuiet || _clock.GetElapsedTime(firstChange) >= _options.Longest || Current is null));
            if (pending is ChangeScope.None or ChangeScope.Positions || isDue)
            {
                Publish(pending);
                pending = ChangeScope.None;
            }
        }

        await pump.ConfigureAwait(false);
    }

    public void Dispose() => _journal?.Dispose();

    private static async Task PumpAsync(IObjectSource source, ChannelWriter<ObjectBatch> writer, CancellationToken cancellation)
    {
        try
        {
            await foreach (ObjectBatch batch in source.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                await writer.WriteAsync(batch, cancellation).ConfigureAwait(false);
            }

            writer.Complete();
        }
        catch (Exception exception)
        {
            writer.Complete(exception is OperationCanceledException ? null : exception);
        }
    }

    /// <summary>Waits for a batch, or, while a change of configuration is pending, for the quiet time to pass. False when the source has ended.</summary>
    private async ValueTask<bool> WaitAsync(ChannelReader<ObjectBatch> reader, ChangeScope pending, long firstChange, CancellationToken cancellation)
    {
        if (pending < ChangeScope.Configuration)
        {
            return await reader.WaitToReadAsync(cancellation).ConfigureAwait(false);
        }

        TimeSpan left = _options.Longest - _clock.GetElapsedTime(firstChange);
        TimeSpan wait = left < _options.Quiet ? left : _options.Quiet;
        if (wait <= TimeSpan.Zero)
        {
            return true;
        }

        using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<bool> next = reader.WaitToReadAsync(quiet.Token).AsTask();
        Task first = await Task.WhenAny(next, Task.Delay(wait, _clock, quiet.Token)).ConfigureAwait(false);
        if (first != next)
        {
            await quiet.CancelAsync().ConfigureAwait(false);
            cancellation.ThrowIfCancellationRequested();
            return true;
        }

        await quiet.CancelAsync().ConfigureAwait(false);
        return await next.ConfigureAwait(false);
    }

    private ChangeScope Apply(ObjectBatch batch)
    {
        bool wasSynced = _acceptor.IsSynced;
        AcceptResult result = _acceptor.Apply(batch);

        // Before it is pushed: a restart must never know less than a proxy.
        _journal?.Write(result.Written);
        foreach (Diagnostic diagnostic in result.News)
        {
            Report(diagnostic);
        }

        if (batch.Revision > 0)
        {
            // Taken as it comes, also when it is smaller: a store that was made anew counts from the start.
            Volatile.Write(ref _sourceRevision, batch.Revision);
        }

        if (_acceptor.IsSynced && !wasSynced)
        {
            Volatile.Write(ref _syncState, 1);
            LogSynced(_acceptor.State.Count, _acceptor.State.Refused.Count, batch.Revision);
            return ChangeScope.Configuration;
        }

        return result.Scope;
    }

    private void Publish(ChangeScope scope)
    {
        if (!_acceptor.IsReady)
        {
            return;
        }

        MeshState state = _acceptor.State;
        SideTables.Record(state);
        MeshVersion? before = Current;
        bool saysTheSame = before is not null && before.State.Digest == state.Digest;
        DerivedMesh mesh = before is null ? DerivedMesh.Of(_builder.Build(state))
            : saysTheSame || scope < ChangeScope.Endpoints ? before.Mesh
            : scope == ChangeScope.Endpoints ? before.Mesh.WithEndpoints(_builder.Build(state))
            : DerivedMesh.Of(_builder.Build(state));

        var version = new MeshVersion((before?.Number ?? 0) + 1, state, mesh, SourceRevision, _clock.GetTimestamp());
        Volatile.Write(ref _current, version);
        if (before is null || !saysTheSame)
        {
            foreach (Diagnostic report in ModelReports.Of(mesh.Model, state))
            {
                if (report.Object is { } key && _reported.Add((key.ToString(), report.FieldPath)))
                {
                    Report(report);
                }
            }

            if (scope == ChangeScope.Endpoints)
            {
                // A busy mesh has many of these a second.
                LogEndpoints(state.Digest, version.SourceRevision);
            }
            else
            {
                LogPublished(state.Digest, version.SourceRevision, state.Count);
            }
        }

        Published?.Invoke(version);
    }

    private void Report(Diagnostic diagnostic)
    {
        if (diagnostic.Severity == DiagnosticSeverity.Error)
        {
            LogRefused(diagnostic);
        }
        else
        {
            LogDiagnostic(diagnostic);
        }
    }
}
