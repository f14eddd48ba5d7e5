using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Control.Derivation;

/// <summary>
/// Resources of one type that are made together and shared by proxies, sorted by name. Two snapshots that hold the same instance differ in nothing of it. Immutable.
/// </summary>
public sealed class ResourceGroup
{
    /// <param name="typeUrl">Type of all members.</param>
    /// <param name="slot">Which part of the type: names of different slots never overlap, so groups are compared slot by slot.</param>
    /// <param name="resources">Any order; for a repeated name the first stays.</param>
    public ResourceGroup(string typeUrl, string slot, IEnumerable<XdsResource> resources)
    {
        TypeUrl = typeUrl;
        Slot = slot;
        Resources = [.. resources.DistinctBy(r => r.Name, StringComparer.Ordinal).OrderBy(r => r.Name, StringComparer.Ordinal)];
        Digest = ComputeDigest(Resources);
    }

    public string TypeUrl { get; }

    public string Slot { get; }

    public ImmutableArray<XdsResource> Resources { get; }

    /// <summary>SHA-256 over names and versions.</summary>
    internal ReadOnlyMemory<byte> Digest { get; }

    public XdsResource? Find(string name)
    {
        int low = 0, high = Resources.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(Resources[middle].Name, name);
            if (order == 0)
            {
                return Resources[middle];
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return null;
    }

    private static byte[] ComputeDigest(ImmutableArray<XdsResource> resources)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (XdsResource resource in resources)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(resource.Name));
            hash.AppendData("="u8);
            hash.AppendData(Encoding.UTF8.GetBytes(resource.Version));
            hash.AppendData("\n"u8);
        }

        return hash.GetHashAndReset();
    }
}
