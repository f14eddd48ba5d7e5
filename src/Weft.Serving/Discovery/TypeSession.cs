using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Discovery;

/// <summary>One type on one stream: what is subscribed, what the client holds, what it said last. Belongs to <see cref="DeltaSession"/>.</summary>
internal sealed class TypeSession(string typeUrl)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public string TypeUrl { get; } = typeUrl;

    public bool IsWildcard { get; private set; }

    /// <summary>What the client holds, as far as it has accepted it.</summary>
    public ImmutableArray<ResourceGroup> Held { get; set; } = [];

    /// <summary>What a reconnecting client says it holds; taken into account until the first push of the type is settled.</summary>
    public IReadOnlyDictionary<string, string>? InitialVersions { get; set; }

    /// <summary>Names that must be answered whatever is held: newly asked for, or touched by a push that was rejected.</summary>
    public HashSet<string> MustAnswer { get; } = new(StringComparer.Ordinal);

    public bool WasSent { get; set; }

    /// <summary>Responses sent and not answered.</summary>
    public int Outstanding { get; set; }

    public string Error { get; set; } = "";

    public long ChangedTicks { get; set; }

    public bool Wants(string name) => IsWildcard || _names.Contains(name);

    /// <summary>First request of the type: no names, or <c>*</c>, means all of them (xds.md B.3).</summary>
    public void Open(DeltaDiscoveryRequest request)
    {
        IsWildcard = request.ResourceNamesSubscribe.Count == 0 || request.ResourceNamesSubscribe.Contains("*");
        foreach (string name in request.ResourceNamesSubscribe)
        {
            Subscribe(name, isNew: request.InitialResourceVersions.Count == 0);
        }

        if (request.InitialResourceVersions.Count > 0)
        {
            InitialVersions = new Dictionary<string, string>(request.InitialResourceVersions, StringComparer.Ordinal);
        }
    }

    /// <summary>Later changes of the subscription; they count even on a stale nonce.</summary>
    public void Change(DeltaDiscoveryRequest request)
    {
        foreach (string name in request.ResourceNamesSubscribe)
        {
            if (name == "*")
            {
                IsWildcard = true;
            }
            else
            {
                Subscribe(name, isNew: true);
            }
        }

        foreach (string name in request.ResourceNamesUnsubscribe)
        {
            if (name == "*")
            {
                IsWildcard = false;
            }
            else if (_names.Remove(name) && IsWildcard)
            {
                // Still covered: the client must be told what it is now.
                MustAnswer.Add(name);
            }
        }
    }

    private void Subscribe(string name, bool isNew)
    {
        if (name == "*")
        {
            return;
        }

        _names.Add(name);
        if (isNew)
        {
            MustAnswer.Add(name);
        }
    }
}
