using System;
using System.Collections.Generic;
using System.Text;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;

namespace Weft.Xds.Delta;

/// <summary>
/// Turns delta responses into snapshots. Good resources of a response are taken and bad ones named, so that a bad object never blocks a good
/// one; what is taken is staged until the push is complete (the response whose system_version_info has no trailing +) and until what it names
/// is there (warm before switch): a cluster waits for its endpoints and secrets, a listener for its routes and secrets, routes for clusters
/// that are on their way. Until then the last good one serves. No socket, clock or lock; one thread at a time.
/// </summary>
public sealed class SnapshotAssembler : IDisposable
{
    /// <summary>Appended to the digest when something of that state was refused here: it is not that state that serves.</summary>
    public const char RefusedMark = '!';

    private const char MoreFollows = '+';

    private readonly SnapshotStore _store;
    private readonly SnapshotReader _reader;
    private readonly VersionTable _versions = new();
    private readonly Dictionary<(BlockKind Kind, string Name), StagedResource> _staged = [];
    private readonly HashSet<(BlockKind Kind, string Name)> _refused = [];
    private string _meshKey = "";

    public SnapshotAssembler(SnapshotStore store)
    {
        _store = store;
        _reader = store.Register();
    }

    /// <summary>Resources whose present version was refused; their last good one, if any, serves.</summary>
    public int RefusedCount => _refused.Count;

    /// <summary>Applies one DeltaDiscoveryResponse. Never throws for any bytes.</summary>
    public ResponseOutcome Apply(ReadOnlySpan<byte> bytes)
    {
        if (!DeltaResponse.TryRead(bytes, out var response)) return new ResponseOutcome { IsMalformed = true };
        var kind = ResourceDecoder.KindOf(response.TypeUrl);
        if (kind == BlockKind.None)
        {
            return new ResponseOutcome { TypeUrl = response.TypeUrl, Nonce = response.Nonce, Error = $"{response.TypeUrl} was not asked for" };
        }

        var problems = new ProblemText();
        var ignored = StageResources(kind, response, problems);
        StageRemovals(kind, response, problems);
        var isComplete = !response.SystemVersion.EndsWith(MoreFollows);
        var published = isComplete ? Commit(response.SystemVersion) : null;
        return new ResponseOutcome
        {
            TypeUrl = response.TypeUrl,
            Nonce = response.Nonce,
            Error = problems.ToString(),
            Published = published,
            Waiting = isComplete ? _staged.Count : 0,
            IgnoredFields = ignored,
        };
    }

    /// <summary>The stream is gone: what had not come into force is forgotten and will be sent again.</summary>
    public void Reset() => _staged.Clear();

    /// <summary>What is held of a type, for initial_resource_versions.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> HeldVersions(string typeUrl)
    {
        var held = _versions.Held(_reader.Enter(), ResourceDecoder.KindOf(typeUrl));
        _reader.Park();
        return held;
    }

    public void Dispose() => _reader.Dispose();

    private int StageResources(BlockKind kind, in DeltaResponse response, ProblemText problems)
    {
        var ignored = 0;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var expectedType = Encoding.UTF8.GetBytes(response.TypeUrl.AsSpan(XdsTypes.Prefix.Length).ToString());
        for (var items = response.Resources(); items.MoveNext();)
        {
            if (!DeltaResource.TryRead(items.Current, out var resource))
            {
                problems.Add(response.TypeUrl, resource.Name, "these bytes are not an envoy.service.discovery.v3.Resource");
                continue;
            }

            if (resource.Name.Length == 0) problems.Add(response.TypeUrl, "(unnamed)", "name: must not be empty");
            else if (!names.Add(resource.Name)) problems.Add(response.TypeUrl, resource.Name, "is sent twice in one response");
            else if (resource.HasMessage) ignored += StageResource(kind, response.TypeUrl, resource, expectedType, problems);
        }

        return ignored;
    }

    private int StageResource(BlockKind kind, string typeUrl, in DeltaResource resource, ReadOnlySpan<byte> expectedType, ProblemText problems)
    {
        if (!resource.TypeName.SequenceEqual(expectedType))
        {
            problems.Add(typeUrl, resource.Name, $"is a {Encoding.UTF8.GetString(resource.TypeName)}");
            _refused.Add((kind, resource.Name));
            return 0;
        }

        var decoded = ResourceDecoder.Decode(typeUrl, resource.Name, resource.Message);
        if (decoded.Image is null)
        {
            foreach (var line in decoded.ProblemLines()) problems.Add(line);
            _refused.Add((kind, resource.Name));
            return decoded.IgnoredFields;
        }

        _refused.Remove((kind, resource.Name));
        if (decoded.MeshKey.Length > 0) _meshKey = decoded.MeshKey;
        _staged[(kind, resource.Name)] = new StagedResource(decoded.Image, ResourceVersion.From(resource.Version), decoded.References);
        return decoded.IgnoredFields;
    }

    private void StageRemovals(BlockKind kind, in DeltaResponse response, ProblemText problems)
    {
        for (var items = response.RemovedResources(); items.MoveNext();)
        {
            var name = Encoding.UTF8.GetString(items.Current);
            if (name.Length == 0) problems.Add(response.TypeUrl, "(unnamed)", "removed_resources: must not be empty");
            _refused.Remove((kind, name));
            _staged[(kind, name)] = StagedResource.Removal;
        }
    }

    private MeshSnapshot Commit(string digest)
    {
        var snapshot = _reader.Enter();
        var ready = Readiness.Select(_staged, snapshot);
        var update = new SnapshotUpdate();
        if (_meshKey.Length > 0) update.MeshKey = MeshKey.FromText(_meshKey);
        foreach (var key in ready)
        {
            if (_staged[key].Image is { } image) update.Put(image);
            else update.Remove(key.Kind, key.Name);
        }

        var published = _store.Publish(update, _refused.Count == 0 ? digest : digest + RefusedMark);
        published = _reader.Enter();
        foreach (var key in ready)
        {
            if (_staged.Remove(key, out var staged) && staged.Image is not null) _versions.Set(published, key.Kind, key.Name, staged.Version);
        }

        _reader.Park();
        return published;
    }
}
