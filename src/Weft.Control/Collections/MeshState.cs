using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Weft.Config;

namespace Weft.Control.Collections;

/// <summary>
/// The accepted set: every object in force, and what was refused. Immutable; any thread. Its digest names what is served: same objects, same digest, on every replica and after every restart.
/// </summary>
public sealed class MeshState
{
    private readonly ImmutableSortedDictionary<ObjectKey, KindSet> _kinds;
    private string? _digest;

    private MeshState(ImmutableSortedDictionary<ObjectKey, KindSet> kinds, ImmutableSortedDictionary<ObjectKey, RefusedObject> refused, ImmutableSortedDictionary<ObjectKey, ImmutableArray<Diagnostic>> warnings)
    {
        _kinds = kinds;
        Refused = refused;
        Warnings = warnings;
    }

    public static MeshState Empty { get; } = new(
        ImmutableSortedDictionary.Create<ObjectKey, KindSet>(KeyOrder.Instance),
        ImmutableSortedDictionary.Create<ObjectKey, RefusedObject>(KeyOrder.Instance),
        ImmutableSortedDictionary.Create<ObjectKey, ImmutableArray<Diagnostic>>(KeyOrder.Instance));

    /// <summary>Objects whose newest version was refused.</summary>
    public ImmutableSortedDictionary<ObjectKey, RefusedObject> Refused { get; }

    /// <summary>What is worth saying about accepted objects.</summary>
    public ImmutableSortedDictionary<ObjectKey, ImmutableArray<Diagnostic>> Warnings { get; }

    /// <summary>Lower-case hex, 32 digits. Refused objects count only where they change what is served (security kinds without a last good version).</summary>
    public string Digest => _digest ?? Interlocked.CompareExchange(ref _digest, ComputeDigest(), null) ?? _digest;

    public IEnumerable<Resource> All => _kinds.Values.SelectMany(k => k.Objects);

    public int Count => _kinds.Values.Sum(k => k.Count);

    /// <summary>The objects of a kind, in order of namespace and name.</summary>
    public IEnumerable<Resource<T>> Of<T>(KindInfo kind)
        where T : class => SetOf(kind).Objects.OfType<Resource<T>>();

    public KindSet SetOf(KindInfo kind) => _kinds.GetValueOrDefault(KindKey(kind.Group, kind.Kind), KindSet.Empty);

    public Resource? Find(ObjectKey key) => _kinds.GetValueOrDefault(KindKey(key.Group, key.Kind))?.Find(key);

    /// <summary>Takes an object, with the warnings that came with it.</summary>
    public MeshState With(Resource resource, IReadOnlyList<Diagnostic>? diagnostics = null)
    {
        ObjectKey kind = KindKey(resource.Type.Group, resource.Type.Kind);
        KindSet set = _kinds.GetValueOrDefault(kind, KindSet.Empty).With(resource);
        return new MeshState(
            _kinds.SetItem(kind, set),
            Refused.Remove(resource.Key),
            diagnostics is { Count: > 0 } ? Warnings.SetItem(resource.Key, [.. diagnostics]) : Warnings.Remove(resource.Key));
    }

    public MeshState Without(ObjectKey key)
    {
        ObjectKey kind = KindKey(key.Group, key.Kind);
        ImmutableSortedDictionary<ObjectKey, KindSet> kinds = _kinds.TryGetValue(kind, out KindSet? set) ? _kinds.SetItem(kind, set.Without(key)) : _kinds;
        return new MeshState(kinds, Refused.Remove(key), Warnings.Remove(key));
    }

    /// <summary>Lists an object as refused; its last good version, if there is one, stays.</summary>
    public MeshState WithRefused(ObjectKey key, Resource? resource, IReadOnlyList<Diagnostic> diagnostics) =>
        new(_kinds, Refused.SetItem(key, new RefusedObject(key, resource, diagnostics, Find(key) is not null)), Warnings);

    private static ObjectKey KindKey(string group, string kind) => new(group, kind, "", "");

    private string ComputeDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((ObjectKey kind, KindSet set) in _kinds)
        {
            if (set.Count > 0)
            {
                hash.AppendData(Encoding.UTF8.GetBytes($"{kind.Group}/{kind.Kind}\n"));
                hash.AppendData(set.Digest);
            }
        }

        foreach (RefusedObject refused in Refused.Values.Where(FailsClosed))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"refused {refused.Key}={refused.Resource?.Digest}\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>True when a refused object is served as its safe stand-in (design section 5).</summary>
    internal static bool FailsClosed(RefusedObject refused) =>
        refused is { HasLastGood: false, Resource: not null, Key.Kind: "PeerAuthentication" or "AuthorizationPolicy" };
}
