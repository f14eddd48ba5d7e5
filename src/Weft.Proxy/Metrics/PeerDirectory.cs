using System;
using System.Collections.Generic;
using System.Text;
using Weft.Policy;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Telemetry.Metrics;

namespace Weft.Proxy.Metrics;

/// <summary>
/// Who a peer is, from weftd's table of workloads by address, believed only if the workload's SPIFFE id is the verified one (design section 5);
/// never from a header. One for a loop; allocates when a peer is seen first and after its entry changed.
/// </summary>
internal sealed class PeerDirectory(PeerNames names)
{
    private const int MostRemembered = 8192;
    private readonly Dictionary<IpAddress, (BlockDigest Digest, PeerName Name)> _known = [];
    private readonly Dictionary<ulong, PeerName> _principals = [];

    /// <summary>The peer at <paramref name="address"/>, which proved to be <paramref name="spiffeId"/> (empty: proved nothing).</summary>
    public PeerName Find(MeshSnapshot snapshot, IpAddress address, ReadOnlySpan<byte> spiffeId)
    {
        if (spiffeId.IsEmpty) return names.Unknown;
        var id = snapshot.FindWorkload(address);
        if (id.IsNone) return Nameless(spiffeId);
        var digest = snapshot.DigestOf(BlockKind.Workload, id.Slot);
        if (_known.TryGetValue(address, out var known) && known.Digest == digest && spiffeId.SequenceEqual(known.Name.Principal)) return known.Name;
        var workload = snapshot.Workload(id);
        if (!workload.Block.Utf8(workload.Root.SpiffeId).SequenceEqual(spiffeId)) return Nameless(spiffeId);
        if (_known.Count >= MostRemembered) _known.Clear();
        var name = names.Intern(workload, Encoding.UTF8.GetString(spiffeId));
        _known[address] = (digest, name);
        return name;
    }

    /// <summary>The workload at an address whose identity the connection does not prove: our own application behind this proxy.</summary>
    public PeerName FindOwn(MeshSnapshot snapshot, IpAddress address, string ownSpiffeId)
    {
        var id = snapshot.FindWorkload(address);
        return id.IsNone ? names.Unknown : names.Intern(snapshot.Workload(id), ownSpiffeId);
    }

    // FNV-1a: the text is compared afterwards, so a collision costs a look-up and nothing else.
    private static ulong Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in text) hash = (hash ^ b) * 1099511628211;
        return hash;
    }

    // The identity alone: its principal is proven, its names are not.
    private PeerName Nameless(ReadOnlySpan<byte> spiffeId)
    {
        ulong hash = Hash(spiffeId);
        if (_principals.TryGetValue(hash, out var known) && spiffeId.SequenceEqual(known.Principal)) return known;
        if (_principals.Count >= MostRemembered) _principals.Clear();
        return _principals[hash] = names.Intern(new IstioPeerLabels { Principal = Encoding.UTF8.GetString(spiffeId) });
    }
}
