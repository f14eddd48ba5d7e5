using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Config;
using Weft.Control.Collections;
using Weft.Store;

namespace Weft.Control.Acceptance;

/// <summary>
/// Decides what is in force: takes objects that read well, keeps the last good version of those that do not, and lists what it refused (design section 5). Pure apart from its own state; single writer.
/// Until the source has synced once, what the journal gave stays in force untouched: an absent object means nothing yet.
/// </summary>
public sealed class Acceptor
{
    private readonly HashSet<ObjectKey> _unconfirmed = [];
    private readonly Dictionary<ObjectKey, ReadResult?> _waiting = [];
    private bool _isSynced;

    /// <summary>The accepted set now.</summary>
    public MeshState State { get; private set; } = MeshState.Empty;

    /// <summary>True once the source has said everything it has.</summary>
    public bool IsSynced => _isSynced;

    /// <summary>True when there is something to serve: the source has synced, or a journal was loaded.</summary>
    public bool IsReady => _isSynced || _unconfirmed.Count > 0;

    /// <summary>Puts the journalled set in force. Call before the first batch.</summary>
    public void Load(IEnumerable<Resource> journalled)
    {
        foreach (Resource resource in journalled.Where(r => IsUsed(r.Key)))
        {
            State = State.With(resource);
            _unconfirmed.Add(resource.Key);
        }
    }

    /// <summary>Applies a batch of the source.</summary>
    public AcceptResult Apply(ObjectBatch batch)
    {
        if (!_isSynced)
        {
            foreach (ObjectChange change in batch.Changes)
            {
                _waiting[change.Key] = change.Result;
            }

            return batch.IsSynced ? Sync() : new AcceptResult(State, ChangeScope.None, [], []);
        }

        return ApplyAll(batch.Changes.Select(c => KeyValuePair.Create(c.Key, c.Result)));
    }

    /// <summary>The first complete picture: everything that came, and what the journal had but the source has not is gone.</summary>
    private AcceptResult Sync()
    {
        _isSynced = true;
        IEnumerable<KeyValuePair<ObjectKey, ReadResult?>> gone = _unconfirmed.Where(k => !_waiting.ContainsKey(k)).Select(k => KeyValuePair.Create(k, (ReadResult?)null));
        AcceptResult result = ApplyAll([.. _waiting, .. gone]);
        _waiting.Clear();
        _unconfirmed.Clear();
        return result;
    }

    private AcceptResult ApplyAll(IEnumerable<KeyValuePair<ObjectKey, ReadResult?>> changes)
    {
        ChangeScope scope = ChangeScope.None;
        var written = new List<KeyValuePair<ObjectKey, Resource?>>();
        var news = new List<Diagnostic>();
        foreach ((ObjectKey key, ReadResult? result) in changes)
        {
            if (IsUsed(key))
            {
                ChangeScope one = result is null ? Remove(key, written) : Accept(key, result, written, news);
                scope = one > scope ? one : scope;
            }
        }

        return new AcceptResult(State, scope, written, news);
    }

    private ChangeScope Accept(ObjectKey key, ReadResult result, List<KeyValuePair<ObjectKey, Resource?>> written, List<Diagnostic> news)
    {
        string digestBefore = State.Refused.ContainsKey(key) ? State.Digest : "";
        AddNews(key, result.Diagnostics, news);
        if (result.IsRefused || result.Resource is null)
        {
            bool wasListed = State.Refused.ContainsKey(key);
            string before = wasListed ? digestBefore : State.Digest;
            State = State.WithRefused(key, result.Resource, result.Diagnostics);
            return State.Digest == before ? ChangeScope.Positions : ChangeScope.Configuration;
        }

        Resource? old = State.Find(key);
        if (SourceErrors.Of(result.Resource) is { } error && (old is null || SourceErrors.Of(old)?.Message != error.Message))
        {
            news.Add(error);
        }

        State = State.With(result.Resource, result.Diagnostics);
        if (old is not null && Meaning.Equal(old, result.Resource))
        {
            // Not journalled: a heartbeat must not cost a write, and after a restart the source says the new lines at once.
            return digestBefore.Length > 0 && digestBefore != State.Digest ? ChangeScope.Configuration : ChangeScope.Positions;
        }

        written.Add(KeyValuePair.Create(key, (Resource?)result.Resource));
        return ScopeOf(key);
    }

    private ChangeScope Remove(ObjectKey key, List<KeyValuePair<ObjectKey, Resource?>> written)
    {
        bool wasKnown = State.Find(key) is not null;
        bool wasRefused = State.Refused.ContainsKey(key);
        State = State.Without(key);
        if (wasKnown)
        {
            written.Add(KeyValuePair.Create(key, (Resource?)null));
        }

        return wasKnown || wasRefused ? ScopeOf(key) : ChangeScope.None;
    }

    private void AddNews(ObjectKey key, IReadOnlyList<Diagnostic> diagnostics, List<Diagnostic> news)
    {
        IEnumerable<Diagnostic> known = State.Refused.TryGetValue(key, out RefusedObject? refused) ? refused.Diagnostics : State.Warnings.TryGetValue(key, out var warnings) ? warnings : [];
        var seen = known.Select(d => (d.Code, d.FieldPath, d.Message)).ToHashSet();
        news.AddRange(diagnostics.Where(d => d.Severity != DiagnosticSeverity.Info && !seen.Contains((d.Code, d.FieldPath, d.Message))));
    }

    private static ChangeScope ScopeOf(ObjectKey key) => key.Kind is "EndpointSlice" or "Pod" or "Node" ? ChangeScope.Endpoints : ChangeScope.Configuration;

    /// <summary>Kinds that derivation reads. Secrets never enter the accepted set, and so never the journal.</summary>
    private static bool IsUsed(ObjectKey key) => (key.Group, key.Kind) switch
    {
        ("", "Node" or "Pod" or "Service" or "Namespace") => true,
        ("discovery.k8s.io", "EndpointSlice") => true,
        _ => key.Group.EndsWith(".istio.io", StringComparison.Ordinal),
    };
}
