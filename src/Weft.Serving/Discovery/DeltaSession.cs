using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Weft.Control.Derivation;
using Weft.Xds.Proto.Config.Core.V3;
using Weft.Xds.Proto.Service.Discovery.V3;

namespace Weft.Serving.Discovery;

/// <summary>
/// The delta protocol of one stream, without the stream (xds.md B.3): requests and targets go in, responses come out, time is handed in. At most one push is outstanding; targets that arrive
/// meanwhile replace each other, and the next push goes straight from what the client holds to the newest. Not thread-safe: the connection locks.
/// </summary>
public sealed class DeltaSession
{
    /// <summary>Bytes of resources in one response, roughly: small enough that neither side needs large buffers, large enough that nothing small is cut.</summary>
    internal const int ResponseBytes = 256 * 1024;

    /// <summary>How long a weft-proxy may take from its first subscription to its last. Then it gets what it subscribed to.</summary>
    private static readonly TimeSpan SubscriptionGrace = TimeSpan.FromSeconds(2);

    private readonly Dialect _dialect;
    private readonly TimeProvider _clock;
    private readonly Dictionary<string, TypeSession> _types = new(StringComparer.Ordinal);
    private readonly long _openedTicks;
    private Push? _inFlight;
    private string _rejectedDigest = "";
    private bool _hasNewDemand;
    private long _nonce;

    public DeltaSession(Dialect dialect, TimeProvider clock)
    {
        _dialect = dialect;
        _clock = clock;
        _openedTicks = clock.GetTimestamp();
    }

    /// <summary>What the proxy is to have.</summary>
    public ProxySnapshot? Target { get; private set; }

    /// <summary>Digest of the last push that was sent; empty before.</summary>
    public string SentDigest { get; private set; } = "";

    /// <summary>Digest that the client has accepted completely; empty before.</summary>
    public string AckedDigest { get; private set; } = "";

    /// <summary>Pushes sent on this stream.</summary>
    public long Pushes { get; private set; }

    /// <summary>Rejections received on this stream.</summary>
    public long Rejections { get; private set; }

    /// <summary>True when the client has accepted exactly <see cref="Target"/>.</summary>
    public bool IsConverged => Target is not null && _inFlight is null && AckedDigest == Target.Digest;

    /// <summary>True when the first push waits for subscriptions that have not come: ask again after <see cref="GraceLeft"/>.</summary>
    public bool IsWaitingForSubscriptions => _inFlight is null && Pushes == 0 && !MayPushFirst;

    public TimeSpan GraceLeft => SubscriptionGrace - _clock.GetElapsedTime(_openedTicks);

    /// <summary>One push: the types that were subscribed when it was composed, the nonces not answered yet, and the names it speaks of.</summary>
    private sealed record Push(ProxySnapshot Snapshot, IReadOnlyList<TypeSession> Types, HashSet<string> Awaited, Dictionary<string, HashSet<string>> Touched)
    {
        public bool IsRejected { get; set; }
    }

    public void SetTarget(ProxySnapshot target) => Target = target;

    /// <summary>Takes a request: subscription, ACK or NACK. Returns false with a reason when the stream must end.</summary>
    public bool TryTake(DeltaDiscoveryRequest request, out string error)
    {
        error = "";
        if (request.TypeUrl.Length == 0)
        {
            error = "type_url is required on an aggregated stream";
            return false;
        }

        if (!_types.TryGetValue(request.TypeUrl, out TypeSession? type))
        {
            _types[request.TypeUrl] = type = new TypeSession(request.TypeUrl);
            type.Open(request);
            _hasNewDemand = true;
        }
        else
        {
            type.Change(request);
            _hasNewDemand |= type.MustAnswer.Count > 0;
        }

        if (request.ResponseNonce.Length > 0)
        {
            Settle(type, request);
        }

        return true;
    }

    /// <summary>The responses of the next push in order, or an empty list when nothing is to be sent now.</summary>
    public IReadOnlyList<DeltaDiscoveryResponse> NextPush()
    {
        if (Target is not { } target || _inFlight is not null || !MayPushFirst || (target.Digest == _rejectedDigest && !_hasNewDemand))
        {
            return [];
        }

        if (AckedDigest == target.Digest && !_hasNewDemand && _types.Values.All(t => t.MustAnswer.Count == 0))
        {
            return [];
        }

        _hasNewDemand = false;
        var push = new Push(target, [.. _types.Values], new HashSet<string>(StringComparer.Ordinal), new Dictionary<string, HashSet<string>>(StringComparer.Ordinal));
        List<DeltaDiscoveryResponse> responses = Compose(target, push);
        if (responses.Count == 0)
        {
            // Nothing differs: the client has it already (a reconnect, or a change that cancelled itself out).
            Accept(push);
            return [];
        }

        Number(responses, push, target);
        _inFlight = push;
        SentDigest = target.Digest;
        Pushes++;
        return responses;
    }

    /// <summary>How far the proxy is, type by type, in push order.</summary>
    public IReadOnlyList<TypeStatus> Status() =>
    [
        .. _types.Values.OrderBy(t => Order(t.TypeUrl)).ThenBy(t => t.TypeUrl, StringComparer.Ordinal).Select(t => new TypeStatus(
            t.TypeUrl,
            t.Error.Length > 0 ? SyncStatus.Error : t.Outstanding > 0 ? SyncStatus.Stale : t.WasSent ? SyncStatus.Synced : SyncStatus.NotSent,
            t.Error,
            Target?.Groups.Where(g => g.TypeUrl == t.TypeUrl).Sum(g => g.Resources.Count(r => t.Wants(r.Name))) ?? 0,
            t.ChangedTicks == 0 ? TimeSpan.Zero : _clock.GetElapsedTime(t.ChangedTicks))),
    ];

    /// <summary>The digest names a whole snapshot, so a weft-proxy must not be given a part of one as if it were all: its subscriptions are waited for.</summary>
    private bool MayPushFirst =>
        _dialect != Dialect.Weft || Pushes > 0 || XdsTypes.PushOrder.All(_types.ContainsKey) || (_types.Count > 0 && GraceLeft <= TimeSpan.Zero);

    private List<DeltaDiscoveryResponse> Compose(ProxySnapshot target, Push push)
    {
        var responses = new List<DeltaDiscoveryResponse>();
        var removals = new List<DeltaDiscoveryResponse>();
        foreach (string typeUrl in XdsTypes.PushOrder)
        {
            if (!_types.TryGetValue(typeUrl, out TypeSession? type))
            {
                continue;
            }

            TypeDifference difference = TypeDifference.Between(type, GroupsOf(target, typeUrl));
            type.MustAnswer.Clear();
            if (difference.IsEmpty)
            {
                continue;
            }

            push.Touched[typeUrl] = [.. difference.Changed.Select(r => r.Name), .. difference.Removed];
            AddResponses(responses, typeUrl, difference.Changed);
            DeltaDiscoveryResponse? removal = Removal(typeUrl, difference.Removed);
            if (removal is not null)
            {
                // A proxy that applies each response at once must not lose a cluster before the route that names it.
                (_dialect == Dialect.Weft ? responses : removals).Add(removal);
            }

            if (typeUrl == XdsTypes.Cluster && _dialect != Dialect.Weft)
            {
                WarmEndpoints(difference.Changed);
            }
        }

        removals.Reverse();
        responses.AddRange(removals);
        return responses;
    }

    /// <summary>Envoy waits for endpoints of an updated cluster and does not ask for them again (xds.md B.3.7).</summary>
    private void WarmEndpoints(IReadOnlyList<XdsResource> clusters)
    {
        if (_types.TryGetValue(XdsTypes.Endpoints, out TypeSession? endpoints))
        {
            endpoints.MustAnswer.UnionWith(clusters.Select(c => c.Name).Where(n => endpoints.Wants(n) && Target!.Find(XdsTypes.Endpoints, n) is not null));
        }
    }

    private static void AddResponses(List<DeltaDiscoveryResponse> responses, string typeUrl, IReadOnlyList<XdsResource> resources)
    {
        DeltaDiscoveryResponse? response = null;
        int bytes = 0;
        foreach (XdsResource resource in resources)
        {
            if (response is null || bytes > ResponseBytes)
            {
                response = new DeltaDiscoveryResponse { TypeUrl = typeUrl };
                responses.Add(response);
                bytes = 0;
            }

            response.Resources.Add(new Resource { Name = resource.Name, Version = resource.Version, Resource_ = resource.Any });
            bytes += resource.Any.Value.Length;
        }
    }

    private static DeltaDiscoveryResponse? Removal(string typeUrl, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            return null;
        }

        var response = new DeltaDiscoveryResponse { TypeUrl = typeUrl };
        response.RemovedResources.AddRange(names);
        return response;
    }

    /// <summary>Nonces never repeat within a stream. For weft-proxy all responses of a push but the last carry a plus: it swaps at the one without.</summary>
    private void Number(List<DeltaDiscoveryResponse> responses, Push push, ProxySnapshot target)
    {
        long now = _clock.GetTimestamp();
        for (int i = 0; i < responses.Count; i++)
        {
            DeltaDiscoveryResponse response = responses[i];
            response.Nonce = Names.Of(++_nonce);
            response.SystemVersionInfo = _dialect == Dialect.Weft && i < responses.Count - 1 ? target.Digest + "+" : target.Digest;
            response.ControlPlane = new ControlPlane { Identifier = "weftd" };
            push.Awaited.Add(response.Nonce);
            TypeSession type = _types[response.TypeUrl];
            type.WasSent = true;
            type.Outstanding++;
            type.ChangedTicks = now;
        }
    }

    private void Settle(TypeSession type, DeltaDiscoveryRequest request)
    {
        if (_inFlight is not { } push || !push.Awaited.Remove(request.ResponseNonce))
        {
            return;
        }

        type.Outstanding--;
        type.ChangedTicks = _clock.GetTimestamp();
        if (request.ErrorDetail is { } detail)
        {
            Rejections++;
            push.IsRejected = true;
            type.Error = detail.Message.Length > 0 ? detail.Message : $"rejected without a message (code {detail.Code})";
        }

        if (push.Awaited.Count > 0)
        {
            return;
        }

        _inFlight = null;
        if (!push.IsRejected)
        {
            Accept(push);
            return;
        }

        // Not repeated until something changes; then everything it touched goes out again, because nobody knows how much of it was kept.
        _rejectedDigest = push.Snapshot.Digest;
        foreach ((string typeUrl, HashSet<string> touched) in push.Touched)
        {
            _types[typeUrl].MustAnswer.UnionWith(touched);
        }
    }

    private void Accept(Push push)
    {
        AckedDigest = push.Snapshot.Digest;
        _rejectedDigest = "";
        foreach (TypeSession type in push.Types)
        {
            type.Held = GroupsOf(push.Snapshot, type.TypeUrl);
            type.InitialVersions = null;
            type.Error = "";
            type.WasSent = true;
            type.ChangedTicks = type.ChangedTicks == 0 ? _clock.GetTimestamp() : type.ChangedTicks;
        }
    }

    private static ImmutableArray<ResourceGroup> GroupsOf(ProxySnapshot snapshot, string typeUrl) => [.. snapshot.Groups.Where(g => g.TypeUrl == typeUrl)];

    private static int Order(string typeUrl)
    {
        int index = XdsTypes.PushOrder.IndexOf(typeUrl);
        return index < 0 ? int.MaxValue : index;
    }

    private static class Names
    {
        public static string Of(long nonce) => nonce.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
