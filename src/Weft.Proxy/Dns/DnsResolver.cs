using System;
using System.Text;

namespace Weft.Proxy.Dns;

/// <summary>What to do with a query.</summary>
public enum DnsVerdict : byte
{
    /// <summary>Send the answer that was written.</summary>
    Answer,

    /// <summary>Not a name of the mesh: ask the upstream resolver.</summary>
    Forward,

    /// <summary>Say nothing.</summary>
    Drop,
}

/// <summary>
/// Decides on one query: answers names of the mesh, forwards the others. No I/O, no allocation; any thread.
/// Names below the cluster domain are ours alone: unknown ones do not exist and are not forwarded, so that the many misses of a
/// resolver's search list stay on this machine. Before the table has come they get SERVFAIL, which resolvers try again.
/// </summary>
public sealed class DnsResolver
{
    private const int MostAddresses = 256;
    private readonly IMeshNames _names;
    private readonly bool _canForward;
    private readonly byte[] _clusterDomain;
    private readonly byte[][] _searchDomains;
    private uint _rotation;

    /// <param name="names">The table.</param>
    /// <param name="namespace">Namespace of this workload, whose services have one-word names.</param>
    /// <param name="clusterDomain">Such as <c>cluster.local</c>.</param>
    /// <param name="canForward">Whether an upstream resolver exists.</param>
    public DnsResolver(IMeshNames names, string @namespace, string clusterDomain, bool canForward)
    {
        _names = names;
        _canForward = canForward;
        _clusterDomain = Encoding.ASCII.GetBytes(clusterDomain);
        _searchDomains =
        [
            Encoding.ASCII.GetBytes($".{@namespace}.svc.{clusterDomain}"),
            Encoding.ASCII.GetBytes($".svc.{clusterDomain}"),
            Encoding.ASCII.GetBytes($".{clusterDomain}"),
        ];
    }

    /// <summary>Reads a packet and writes an answer (over UDP no longer than what the client announced).</summary>
    public DnsVerdict Resolve(ReadOnlySpan<byte> packet, bool isUdp, Span<byte> destination, out int length)
    {
        Span<byte> scratch = stackalloc byte[DnsQuestion.LongestName + 3];
        length = 0;
        switch (DnsQuestion.Parse(packet, scratch, out var question))
        {
            case DnsParse.Drop:
                return DnsVerdict.Drop;
            case DnsParse.Malformed:
                length = DnsAnswer.WriteEmpty(packet, 0, DnsCode.FormatError, destination);
                return DnsVerdict.Answer;
            case DnsParse.NotImplemented:
                length = DnsAnswer.WriteEmpty(packet, 0, DnsCode.NotImplemented, destination);
                return DnsVerdict.Answer;
        }
        if (question.Class != DnsQuestion.ClassInternet) return Elsewhere(question, destination, out length);

        Span<uint> addresses = stackalloc uint[MostAddresses];
        Span<byte> alias = stackalloc byte[DnsQuestion.LongestName + 1];
        int found = Find(question.Name, addresses, alias, out int aliasLength);
        if (found < 0) return Elsewhere(question, destination, out length);
        bool wantsAddresses = question.Type is DnsQuestion.TypeA or DnsQuestion.TypeAny;
        if (!wantsAddresses || found == 0)
        {
            // The name exists, this kind of record does not (AAAA: the mesh speaks IPv4).
            length = DnsAnswer.WriteEmpty(packet, question.End, DnsCode.NoError, destination);
            return DnsVerdict.Answer;
        }
        int room = isUdp ? question.UdpPayload : destination.Length;
        length = DnsAnswer.WriteAddresses(question, alias[..aliasLength], addresses[..found], _rotation++, destination, room);
        return DnsVerdict.Answer;
    }

    /// <summary>Writes the failure to be sent when an upstream resolver did not answer.</summary>
    public static int WriteFailure(ReadOnlySpan<byte> packet, Span<byte> destination)
    {
        Span<byte> scratch = stackalloc byte[DnsQuestion.LongestName + 3];
        int end = DnsQuestion.Parse(packet, scratch, out var question) == DnsParse.Question ? question.End : 0;
        return DnsAnswer.WriteEmpty(packet, end, DnsCode.ServerFailure, destination);
    }

    private DnsVerdict Elsewhere(scoped in DnsQuestion question, Span<byte> destination, out int length)
    {
        length = 0;
        bool isOurs = IsBelow(question.Name, _clusterDomain);
        if (!isOurs && _canForward) return DnsVerdict.Forward;
        var code = isOurs && !_names.IsKnown ? DnsCode.ServerFailure : DnsCode.NameError;
        length = DnsAnswer.WriteEmpty(question.Packet, question.End, code, destination);
        return DnsVerdict.Answer;
    }

    // First the name as asked; then as if the search list had been applied (forecast, forecast.grid, forecast.grid.svc);
    // then with a search domain taken off (api.example.com.grid.svc.cluster.local), where the answer says so by a CNAME.
    private int Find(ReadOnlySpan<byte> name, Span<uint> addresses, Span<byte> alias, out int aliasLength)
    {
        aliasLength = 0;
        if (name.IsEmpty) return -1;
        int found = _names.Find(name, addresses);
        if (found >= 0) return found;
        Span<byte> full = stackalloc byte[(2 * DnsQuestion.LongestName) + 2];
        if (!IsBelow(name, _clusterDomain))
        {
            foreach (byte[] domain in _searchDomains)
            {
                if (name.Length + domain.Length > DnsQuestion.LongestName) continue;
                name.CopyTo(full);
                domain.CopyTo(full[name.Length..]);
                found = _names.Find(full[..(name.Length + domain.Length)], addresses);
                if (found >= 0) return found;
            }
            return -1;
        }
        foreach (byte[] domain in _searchDomains)
        {
            if (name.Length <= domain.Length || !name.EndsWith(domain)) continue;
            var stripped = name[..^domain.Length];
            found = _names.Find(stripped, addresses);
            if (found < 0) continue;
            stripped.CopyTo(alias);
            aliasLength = stripped.Length;
            return found;
        }
        return -1;
    }

    private static bool IsBelow(ReadOnlySpan<byte> name, ReadOnlySpan<byte> domain) =>
        name.EndsWith(domain) && (name.Length == domain.Length || name[name.Length - domain.Length - 1] == (byte)'.');
}
