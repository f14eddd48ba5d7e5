using System;

namespace Weft.Proxy.Dns;

/// <summary>The names that weftd told this proxy, by which the DNS server answers. Implementations are read from thread-pool threads.</summary>
public interface IMeshNames
{
    /// <summary>False while no table has arrived: names of the mesh are then not yet known, rather than absent.</summary>
    bool IsKnown { get; }

    /// <summary>
    /// IPv4 addresses (host order) of a name given in dotted lower case without the final dot. Returns their number, as many as fit
    /// into <paramref name="addresses"/>; -1 if the mesh has no such name; 0 if it has the name and no address.
    /// </summary>
    int Find(ReadOnlySpan<byte> name, Span<uint> addresses);
}
