using System;
using System.Collections.Generic;

namespace Weft.Xds.Delta;

/// <summary>
/// The client's side of one delta ADS conversation: what is subscribed, what to say first on a new stream, how each response is answered
/// (xds.md B.3). Bytes in, requests out; no socket, clock or lock. One thread at a time. Outlives streams.
/// </summary>
public sealed class DeltaAdsClient
{
    private const string Wildcard = "*";
    private readonly SnapshotAssembler _assembler;
    private readonly byte[] _node;
    private readonly List<string> _types = [];
    private readonly Dictionary<string, SortedSet<string>> _subscriptions = new(StringComparer.Ordinal);
    private bool _isOpen;

    /// <summary><paramref name="node"/> is an encoded core.v3.Node, see <see cref="NodeMessage"/>.</summary>
    public DeltaAdsClient(SnapshotAssembler assembler, byte[] node)
    {
        _assembler = assembler;
        _node = node;
    }

    /// <summary>Subscribes to everything of each type that the control plane deems ours.</summary>
    public void SubscribeAll(IReadOnlyList<string> typeUrls)
    {
        ArgumentNullException.ThrowIfNull(typeUrls);
        foreach (var typeUrl in typeUrls) Names(typeUrl).Add(Wildcard);
    }

    /// <summary>Adds names; returns the request to send, or null when there is nothing new or no stream.</summary>
    public DeltaRequest? Subscribe(string typeUrl, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var added = new List<string>();
        foreach (var name in names)
        {
            if (Names(typeUrl).Add(name)) added.Add(name);
        }

        return added.Count == 0 || !_isOpen ? null : new DeltaRequest { TypeUrl = typeUrl, Subscribe = added };
    }

    /// <summary>Removes names; returns the request to send, or null when none of them was subscribed or there is no stream.</summary>
    public DeltaRequest? Unsubscribe(string typeUrl, IReadOnlyList<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var removed = new List<string>();
        foreach (var name in names)
        {
            if (Names(typeUrl).Remove(name)) removed.Add(name);
        }

        return removed.Count == 0 || !_isOpen ? null : new DeltaRequest { TypeUrl = typeUrl, Unsubscribe = removed };
    }

    /// <summary>
    /// The first requests of a new stream, one per type: the node in the first, all names again, and the versions of what we hold, so that an
    /// unchanged resource is not sent again.
    /// </summary>
    public IReadOnlyList<DeltaRequest> Open()
    {
        _assembler.Reset();
        _isOpen = true;
        var requests = new List<DeltaRequest>(_types.Count);
        foreach (var typeUrl in _types)
        {
            requests.Add(new DeltaRequest
            {
                TypeUrl = typeUrl,
                Node = requests.Count == 0 ? _node : [],
                Subscribe = [.. Names(typeUrl)],
                InitialVersions = _assembler.HeldVersions(typeUrl),
            });
        }

        return requests;
    }

    /// <summary>The stream has ended; subscriptions stay.</summary>
    public void Close() => _isOpen = false;

    /// <summary>
    /// Applies a response. <paramref name="answer"/> is its ACK or NACK, without subscription changes (istiod takes them for an error there);
    /// null when the response was unreadable and the stream must be dropped.
    /// </summary>
    public ResponseOutcome OnResponse(ReadOnlySpan<byte> response, out DeltaRequest? answer)
    {
        var outcome = _assembler.Apply(response);
        answer = outcome.IsMalformed ? null : new DeltaRequest { TypeUrl = outcome.TypeUrl, Nonce = outcome.Nonce, Error = outcome.Error };
        return outcome;
    }

    private SortedSet<string> Names(string typeUrl)
    {
        if (_subscriptions.TryGetValue(typeUrl, out var names)) return names;
        _types.Add(typeUrl);
        return _subscriptions[typeUrl] = new SortedSet<string>(StringComparer.Ordinal);
    }
}
