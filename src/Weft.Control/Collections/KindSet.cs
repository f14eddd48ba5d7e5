using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Weft.Config;

namespace Weft.Control.Collections;

/// <summary>The accepted objects of one kind, by namespace and name. Immutable; its digest is computed on first use and lives as long as the set.</summary>
public sealed class KindSet
{
    private readonly ImmutableSortedDictionary<ObjectKey, Resource> _objects;
    private byte[]? _digest;

    private KindSet(ImmutableSortedDictionary<ObjectKey, Resource> objects) => _objects = objects;

    public static KindSet Empty { get; } = new(ImmutableSortedDictionary.Create<ObjectKey, Resource>(KeyOrder.Instance));

    public int Count => _objects.Count;

    /// <summary>In order of namespace and name.</summary>
    public IEnumerable<Resource> Objects => _objects.Values;

    public Resource? Find(ObjectKey key) => _objects.GetValueOrDefault(key);

    public KindSet With(Resource resource) => new(_objects.SetItem(resource.Key, resource));

    public KindSet Without(ObjectKey key) => _objects.ContainsKey(key) ? new(_objects.Remove(key)) : this;

    /// <summary>SHA-256 over every object's name and meaning.</summary>
    internal ReadOnlySpan<byte> Digest => _digest ?? Interlocked.CompareExchange(ref _digest, ComputeDigest(), null) ?? _digest;

    private byte[] ComputeDigest()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((ObjectKey key, Resource resource) in _objects)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{key.Namespace}/{key.Name}={Meaning.Of(resource)}\n"));
        }

        return hash.GetHashAndReset();
    }
}
