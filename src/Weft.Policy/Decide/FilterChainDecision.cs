using System;
using System.Numerics;
using Weft.Policy.Blocks;
using Weft.Policy.Build;
using Weft.Policy.Model;
using Weft.Policy.Trace;

namespace Weft.Policy.Decide;

/// <summary>
/// Picks a filter chain as Envoy does: level by level in a fixed order, at each keeping only the chains that match most specifically, and never
/// going back. So a chain for the connection's port wins the port level even if its other rules then fail and the default chain answers.
/// STRICT, PERMISSIVE and port-level mTLS are nothing but such chains (xds.md A.1).
/// </summary>
public static class FilterChainDecision
{
    /// <summary>No chain and no default chain: the connection is closed (<c>NR filter_chain_not_found</c>).</summary>
    public const int NoChain = -1;

    private const int Words = ListenerBlockBuilder.MaxFilterChains / 64;
    private const int ExactName = int.MaxValue;

    /// <summary>Index of the chain, or <see cref="NoChain"/>.</summary>
    public static int Choose<TTrace>(ListenerView listener, in ConnectionFacts facts, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        ReadOnlySpan<FilterChainRecord> chains = listener.FilterChains;
        Span<ulong> candidates = stackalloc ulong[Words];
        candidates = candidates[..((chains.Length + 63) / 64)];
        for (int i = 0; i < chains.Length; i++)
            candidates[i >> 6] |= 1UL << i;
        int left = chains.Length;
        for (var level = FilterChainLevel.DestinationPort; level <= FilterChainLevel.SourcePort && left > 0; level++)
            left = Narrow(listener, chains, candidates, level, facts, ref trace);
        int chosen = left > 0 ? First(candidates) : listener.Root.DefaultFilterChain;
        if (TTrace.IsRecording)
            Explain(listener, chosen, isDefault: left == 0, facts, ref trace);
        return chosen;
    }

    /// <summary>Keeps the most specific matches of one level; returns how many.</summary>
    private static int Narrow<TTrace>(
        ListenerView listener, ReadOnlySpan<FilterChainRecord> chains, Span<ulong> candidates, FilterChainLevel level, in ConnectionFacts facts, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        int best = -1;
        for (int i = 0; i < chains.Length; i++)
        {
            if (Has(candidates, i))
                best = Math.Max(best, Rank(listener, chains[i], level, facts));
        }

        int kept = 0;
        for (int i = 0; i < chains.Length; i++)
        {
            if (!Has(candidates, i))
                continue;
            int rank = Rank(listener, chains[i], level, facts);
            if (best >= 0 && rank == best)
            {
                kept++;
                continue;
            }

            candidates[i >> 6] &= ~(1UL << i);
            if (TTrace.IsRecording)
                ExplainMiss(listener, chains[i], level, matches: rank >= 0, ref trace);
        }

        return kept;
    }

    /// <summary>-1: does not match; 0: leaves the level open; above: the more specific the higher.</summary>
    private static int Rank(ListenerView listener, in FilterChainRecord chain, FilterChainLevel level, in ConnectionFacts facts) => level switch
    {
        FilterChainLevel.DestinationPort => chain.DestinationPort == 0 ? 0 : chain.DestinationPort == facts.Destination.Port ? 1 : -1,
        FilterChainLevel.DestinationAddress => RankPrefix(listener, chain.PrefixRanges, facts.Destination.Address),
        FilterChainLevel.ServerName => RankServerName(listener, chain.ServerNames, facts.ServerName),
        FilterChainLevel.TransportProtocol => chain.TransportProtocol.IsEmpty ? 0
            : listener.Block.Utf8(chain.TransportProtocol).SequenceEqual(facts.EffectiveTransportProtocol) ? 1 : -1,
        FilterChainLevel.ApplicationProtocol => RankProtocol(listener, chain.ApplicationProtocols, facts),
        FilterChainLevel.DirectSourceAddress => RankPrefix(listener, chain.DirectSourcePrefixRanges, facts.DirectSource.Address),
        FilterChainLevel.SourceType => RankSourceType(chain.SourceType, facts),
        FilterChainLevel.SourceAddress => RankPrefix(listener, chain.SourcePrefixRanges, facts.Source.Address),
        _ => chain.SourcePorts.IsEmpty ? 0 : listener.Block.Numbers(chain.SourcePorts).Contains(facts.Source.Port) ? 1 : -1,
    };

    private static int RankPrefix(ListenerView listener, Run ranges, IpAddress address)
    {
        if (ranges.IsEmpty)
            return 0;
        int best = -1;
        foreach (ref readonly PrefixRecord range in listener.Prefixes(ranges))
        {
            if (range.Range.Contains(address))
                best = Math.Max(best, range.PrefixLength + 1);
        }

        return best;
    }

    private static int RankServerName(ListenerView listener, Run names, ReadOnlySpan<byte> serverName)
    {
        if (names.IsEmpty)
            return 0;
        int best = -1;
        foreach (Text text in listener.Block.Texts(names))
        {
            ReadOnlySpan<byte> name = listener.Block.Utf8(text);
            if (name[0] != (byte)'*')
            {
                if (Ascii.EqualsLower(serverName, name))
                    return ExactName;
                continue;
            }

            ReadOnlySpan<byte> suffix = name[1..];
            if (serverName.Length > suffix.Length && Ascii.EqualsLower(serverName[^suffix.Length..], suffix))
                best = Math.Max(best, suffix.Length);
        }

        return best;
    }

    /// <summary>The client's order decides: its first protocol that any chain knows.</summary>
    private static int RankProtocol(ListenerView listener, Run protocols, in ConnectionFacts facts)
    {
        if (protocols.IsEmpty)
            return 0;
        int best = -1;
        foreach (Text text in listener.Block.Texts(protocols))
        {
            int offer = facts.OfferIndex(listener.Block.Utf8(text));
            if (offer >= 0)
                best = Math.Max(best, int.MaxValue - offer);
        }

        return best;
    }

    private static int RankSourceType(SourceType type, in ConnectionFacts facts)
    {
        if (type == SourceType.Any)
            return 0;
        bool isLocal = facts.Source.Address.IsLoopback || facts.Source.Address == facts.Destination.Address;
        return isLocal == (type == SourceType.SameIpOrLoopback) ? 1 : -1;
    }

    private static bool Has(ReadOnlySpan<ulong> set, int index) => (set[index >> 6] & (1UL << index)) != 0;

    private static int First(ReadOnlySpan<ulong> set)
    {
        for (int word = 0; word < set.Length; word++)
        {
            if (set[word] != 0)
                return word * 64 + BitOperations.TrailingZeroCount(set[word]);
        }

        return NoChain;
    }

    private static void ExplainMiss<TTrace>(ListenerView listener, in FilterChainRecord chain, FilterChainLevel level, bool matches, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        // Chains of other ports are not near: an inbound listener has hundreds.
        if (level == FilterChainLevel.DestinationPort && chain.DestinationPort != 0)
            return;
        BlockView block = listener.Block;
        string wanted = level switch
        {
            FilterChainLevel.DestinationPort => "is for every port; another chain names this one",
            FilterChainLevel.ServerName => "wants server name " + Join(block, chain.ServerNames),
            FilterChainLevel.TransportProtocol => "wants transport protocol " + (chain.TransportProtocol.IsEmpty ? "any" : block.String(chain.TransportProtocol)),
            FilterChainLevel.ApplicationProtocol => "wants application protocol " + Join(block, chain.ApplicationProtocols),
            FilterChainLevel.SourceType => "wants source type " + chain.SourceType,
            FilterChainLevel.DestinationAddress => "wants another destination address",
            _ => "wants another source",
        };
        if (matches && level != FilterChainLevel.DestinationPort)
            wanted += "; another chain is more specific";
        trace.Record(new TraceStep(DecisionStage.FilterChain, TraceVerdict.NotTaken, block.String(chain.Name), wanted, block.Origins(chain.Origins)));
    }

    private static string Join(BlockView block, Run run)
    {
        var names = new string[run.Count];
        for (int i = 0; i < names.Length; i++)
            names[i] = block.String(block.Texts(run)[i]);
        return names.Length == 0 ? "any" : string.Join(" or ", names);
    }

    private static void Explain<TTrace>(ListenerView listener, int chosen, bool isDefault, in ConnectionFacts facts, ref TTrace trace)
        where TTrace : struct, IDecisionTrace
    {
        if (chosen == NoChain)
        {
            trace.Record(new TraceStep(DecisionStage.FilterChain, TraceVerdict.Failed, "", "no filter chain matches " + facts.Describe(), []));
            return;
        }

        ref readonly FilterChainRecord chain = ref listener.Chain(chosen);
        string mode = chain.Tls < 0 ? "plaintext" : listener.Tls(chain.Tls).RequireClientCertificate == 1 ? "mutual TLS" : "TLS";
        trace.Record(new TraceStep(
            DecisionStage.FilterChain,
            TraceVerdict.Taken,
            listener.Block.String(chain.Name),
            $"{(isDefault ? "default chain" : "matches")} ({facts.Describe()}); {mode}, {chain.TerminalFilter}",
            listener.Block.Origins(chain.Origins)));
    }
}
