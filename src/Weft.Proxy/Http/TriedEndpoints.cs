using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Weft.Policy;

namespace Weft.Proxy.Http;

/// <summary>The endpoints that earlier attempts of a request went to, so that a retry can go elsewhere. The first eight; a field of its owner.</summary>
internal struct TriedEndpoints
{
    private const int Most = 8;
    private Addresses _addresses;
    private int _count;

    [UnscopedRef]
    public readonly ReadOnlySpan<IpPort> Addressed => _addresses[.._count];

    public void Add(in IpPort address)
    {
        if (_count < Most) _addresses[_count++] = address;
    }

    /// <summary>The last attempt does not count: the connection was to blame, not the endpoint.</summary>
    public void RemoveLast()
    {
        if (_count > 0) _count--;
    }

    public void Clear() => _count = 0;

    [InlineArray(Most)]
    private struct Addresses
    {
        private IpPort _first;
    }
}
