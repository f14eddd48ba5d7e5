using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Text;
using Weft.Proxy.Dns;

namespace Weft.Proxy.Tests.Dns;

/// <summary>A table of names for tests.</summary>
internal sealed class FixedNames(params (string Name, string[] Addresses)[] names) : IMeshNames
{
    private readonly Dictionary<string, uint[]> _names = names.ToDictionary(
        n => n.Name,
        n => n.Addresses.Select(a => BitConverter.ToUInt32([.. IPAddress.Parse(a).GetAddressBytes().Reverse()])).ToArray());

    public bool IsKnown { get; set; } = true;

    public int Find(ReadOnlySpan<byte> name, Span<uint> addresses)
    {
        if (!_names.TryGetValue(Encoding.ASCII.GetString(name), out var found)) return -1;
        int count = Math.Min(found.Length, addresses.Length);
        found.AsSpan(0, count).CopyTo(addresses);
        return count;
    }
}
