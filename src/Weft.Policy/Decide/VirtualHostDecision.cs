using System;
using Weft.Policy.Blocks;
using Weft.Policy.Snapshot;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>Finds the virtual host of an authority: exact, longest <c>*.suffix</c>, longest <c>prefix.*</c>, <c>*</c> (xds.md C.1).</summary>
public static class VirtualHostDecision
{
    /// <summary>The virtual host, or <see cref="VirtualHostRef.None"/> (404 <c>route_not_found</c>).</summary>
    public static VirtualHostRef Match<TTrace>(MeshSnapshot snapshot, RouteTableRef tableRef, in RequestView request, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        RouteTableView table = snapshot.RouteTable(tableRef);
        ReadOnlySpan<byte> host = table.Has(RouteTableFlags.IgnorePortInHostMatching) ? request.Host : request.Authority;
        DomainTable domains = tableRef.Slot >= 0 && snapshot.RouteIndex(tableRef.Slot) is { } index ? index.Domains : table.InlineDomains;
        VirtualHostRef found = Find(snapshot, tableRef, domains, host, out DomainKind kind);
        if (TTrace.IsRecording)
            Explain(snapshot, table, found, host, kind, ref trace);
        return found;
    }

    private static VirtualHostRef Find(MeshSnapshot snapshot, RouteTableRef table, DomainTable domains, ReadOnlySpan<byte> host, out DomainKind kind)
    {
        kind = DomainKind.Exact;
        VirtualHostRef found = Find(snapshot, table, domains, NameHash.Of(host) ^ DomainTable.ExactSalt, host, kind);
        if (!found.IsNone)
            return found;
        kind = DomainKind.Suffix;
        foreach (int length in domains.SuffixLengths)
        {
            if (host.Length <= length)
                continue;
            ReadOnlySpan<byte> suffix = host[^length..];
            found = Find(snapshot, table, domains, NameHash.Of(suffix) ^ DomainTable.SuffixSalt, suffix, kind);
            if (!found.IsNone)
                return found;
        }

        kind = DomainKind.Prefix;
        foreach (int length in domains.PrefixLengths)
        {
            if (host.Length <= length)
                continue;
            ReadOnlySpan<byte> prefix = host[..length];
            found = Find(snapshot, table, domains, NameHash.Of(prefix) ^ DomainTable.PrefixSalt, prefix, kind);
            if (!found.IsNone)
                return found;
        }

        kind = DomainKind.Any;
        return domains.AnyVirtualHost < 0 ? VirtualHostRef.None : Reference(table, domains.AnyVirtualHost);
    }

    private static VirtualHostRef Find(
        MeshSnapshot snapshot, RouteTableRef table, DomainTable domains, ulong hash, ReadOnlySpan<byte> fixedPart, DomainKind kind)
    {
        int position = (int)hash & int.MaxValue;
        while (domains.TryNext(hash, ref position, out DomainBucketRecord bucket))
        {
            VirtualHostRef reference = Reference(table, bucket.VirtualHost - 1);
            VirtualHostView virtualHost = snapshot.VirtualHost(reference);
            ReadOnlySpan<byte> domain = virtualHost.Block.Utf8(virtualHost.Block.Texts(virtualHost.Root.Domains)[bucket.Domain]);
            ReadOnlySpan<byte> compared = kind switch
            {
                DomainKind.Suffix => domain[1..],
                DomainKind.Prefix => domain[..^1],
                _ => domain,
            };
            if (compared.SequenceEqual(fixedPart))
                return reference;
        }

        return VirtualHostRef.None;
    }

    private static VirtualHostRef Reference(RouteTableRef table, int virtualHost)
        => (virtualHost & RouteTableIndex.SlotFlag) != 0
            ? new VirtualHostRef(table, virtualHost & ~RouteTableIndex.SlotFlag, -1)
            : new VirtualHostRef(table, -1, virtualHost);

    private static void Explain<TTrace>(
        MeshSnapshot snapshot, RouteTableView table, VirtualHostRef found, ReadOnlySpan<byte> host, DomainKind kind, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        string asked = $"route table '{TraceText.Of(table.Name)}', host {TraceText.Quoted(host)}";
        if (found.IsNone)
        {
            trace.Record(new TraceStep(DecisionStage.VirtualHost, TraceVerdict.Failed, "", asked + ": no virtual host claims it", table.Block.Origins(table.Root.Origins)));
            return;
        }

        VirtualHostView virtualHost = snapshot.VirtualHost(found);
        string how = kind switch
        {
            DomainKind.Exact => "by exact domain",
            DomainKind.Suffix => "by suffix wildcard",
            DomainKind.Prefix => "by prefix wildcard",
            _ => "by '*'",
        };
        trace.Record(new TraceStep(
            DecisionStage.VirtualHost, TraceVerdict.Taken, TraceText.Of(virtualHost.Name), $"{asked}, {how}", virtualHost.Block.Origins(virtualHost.Root.Origins)));
    }
}
