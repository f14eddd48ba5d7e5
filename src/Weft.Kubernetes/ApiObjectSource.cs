using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Weft.Config;
using Weft.Store;

namespace Weft.Kubernetes;

/// <summary>
/// All kinds <c>weftd</c> needs from one API server, one <see cref="Reflector"/> each, as one stream of batches: what arrived while the reader was busy comes
/// as one batch, with the latest state of each object.
/// </summary>
public sealed class ApiObjectSource : IObjectSource
{
    private readonly ApiEndpoint _endpoint;
    private readonly IReadOnlyList<KindInfo> _kinds;
    private readonly ReflectorOptions? _options;
    private readonly Reflector[] _reflectors;

    public ApiObjectSource(ApiEndpoint endpoint, IReadOnlyList<KindInfo>? kinds = null, ReflectorOptions? options = null)
    {
        _endpoint = endpoint;
        _kinds = kinds ?? DefaultKinds;
        _options = options;
        _reflectors = [.. _kinds.Select(k => new Reflector(_endpoint, k, _options))];
    }

    /// <summary>What <c>weftd</c> watches: Pods, Nodes, Namespaces, Services, EndpointSlices, Secrets, ServiceAccounts and Istio's configuration.</summary>
    public static IReadOnlyList<KindInfo> DefaultKinds { get; } =
    [
        Kinds.Namespace, Kinds.Node, Kinds.Pod, Kinds.Service, Kinds.EndpointSlice, Kinds.Secret, Kinds.ServiceAccount,
        Kinds.VirtualService, Kinds.DestinationRule, Kinds.Gateway, Kinds.PeerAuthentication, Kinds.RequestAuthentication, Kinds.AuthorizationPolicy,
    ];

    /// <summary>What is wrong with the connection now, one line a kind; empty while all is well.</summary>
    public IReadOnlyList<string> Problems => [.. _reflectors.Select(r => r.Problem).OfType<string>()];

    /// <inheritdoc/>
    public async IAsyncEnumerable<ObjectBatch> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        // Bounded: a reader that stops stops the watches' reading, and the server's own bound decides.
        var events = Channel.CreateBounded<ReflectorEvent>(new BoundedChannelOptions(1024) { SingleReader = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] running = [.. _reflectors.Select(r => Task.Run(() => r.RunAsync((item, token) => events.Writer.WriteAsync(item, token), stop.Token), stop.Token))];
        try
        {
            var picture = new Picture(_kinds);
            while (await events.Reader.WaitToReadAsync(cancellation))
            {
                var batch = new Batch();
                while (batch.Count < 10_000 && events.Reader.TryRead(out ReflectorEvent? item))
                {
                    picture.Apply(item, batch);
                }

                yield return new ObjectBatch(batch.Changes(), picture.IsSynced, picture.Revision);
            }
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(running).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>What has been told so far: which objects exist (to see deletions in a list), and how far each kind is.</summary>
    private sealed class Picture(IReadOnlyList<KindInfo> kinds)
    {
        private readonly Dictionary<KindInfo, HashSet<ObjectKey>> _known = kinds.ToDictionary(k => k, _ => new HashSet<ObjectKey>());
        private readonly Dictionary<KindInfo, long> _revisions = [];

        internal bool IsSynced => _revisions.Count == _known.Count;

        /// <summary>The smallest over all kinds that exist; 0 before sync and for opaque versions.</summary>
        internal long Revision => !IsSynced ? 0 : _revisions.Values.Where(r => r != long.MaxValue).DefaultIfEmpty(0).Min();

        internal void Apply(ReflectorEvent item, Batch batch)
        {
            HashSet<ObjectKey> known = _known[item.Kind];
            switch (item.Type)
            {
                case ReflectorEventType.Replaced:
                    Replace(item, known, batch);
                    break;
                case ReflectorEventType.Upserted when KeyOf(item.Objects[0]) is { } key:
                    known.Add(key);
                    batch.Set(key, item.Objects[0]);
                    break;
                case ReflectorEventType.Deleted when KeyOf(item.Objects[0]) is { } key:
                    known.Remove(key);
                    batch.Set(key, null);
                    break;
                default:
                    break;
            }

            // A kind that the server does not have holds nobody up.
            _revisions[item.Kind] = item.ResourceVersion.Length == 0 ? long.MaxValue
                : long.TryParse(item.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : 0;
        }

        private static void Replace(ReflectorEvent item, HashSet<ObjectKey> known, Batch batch)
        {
            var gone = new HashSet<ObjectKey>(known);
            known.Clear();
            foreach (ReadResult result in item.Objects)
            {
                if (KeyOf(result) is { } key)
                {
                    gone.Remove(key);
                    known.Add(key);
                    batch.Set(key, result);
                }
            }

            foreach (ObjectKey key in gone)
            {
                batch.Set(key, null);
            }
        }

        /// <summary>An object that does not even have an envelope names itself in its diagnostic, or is nobody.</summary>
        private static ObjectKey? KeyOf(ReadResult result) => result.Resource?.Key ?? result.Diagnostics.Select(d => d.Object).FirstOrDefault(k => k is not null);
    }

    /// <summary>The changes of one batch: the latest state of each object, in the order of its first change.</summary>
    private sealed class Batch
    {
        private readonly Dictionary<ObjectKey, int> _places = [];
        private readonly List<ObjectChange> _changes = [];

        internal int Count => _changes.Count;

        internal void Set(ObjectKey key, ReadResult? result)
        {
            if (_places.TryGetValue(key, out int place))
            {
                _changes[place] = new ObjectChange(key, result);
                return;
            }

            _places[key] = _changes.Count;
            _changes.Add(new ObjectChange(key, result));
        }

        internal IReadOnlyList<ObjectChange> Changes() => _changes;
    }
}
