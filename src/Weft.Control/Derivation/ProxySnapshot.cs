using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace Weft.Control.Derivation;

/// <summary>Everything one proxy is to have. Groups are shared between proxies. Immutable.</summary>
public sealed class ProxySnapshot
{
    public static ProxySnapshot Empty { get; } = new([]);

    public ProxySnapshot(IEnumerable<ResourceGroup> groups)
    {
        Groups = [.. groups.OrderBy(g => XdsTypes.PushOrder.IndexOf(g.TypeUrl)).ThenBy(g => g.Slot, StringComparer.Ordinal)];
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ResourceGroup group in Groups)
        {
            if (group.Resources.Length > 0)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(group.TypeUrl));
                hash.AppendData(group.Digest.Span);
            }
        }

        Digest = Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16));
    }

    /// <summary>In push order, then by slot.</summary>
    public ImmutableArray<ResourceGroup> Groups { get; }

    /// <summary>Names this content: what the proxy reports, and what <c>system_version_info</c> carries. 32 hex digits.</summary>
    public string Digest { get; }

    public IEnumerable<XdsResource> Of(string typeUrl) => Groups.Where(g => g.TypeUrl == typeUrl).SelectMany(g => g.Resources);

    public XdsResource? Find(string typeUrl, string name)
    {
        foreach (ResourceGroup group in Groups)
        {
            if (group.TypeUrl == typeUrl && group.Find(name) is { } found)
            {
                return found;
            }
        }

        return null;
    }
}
