using System;
using System.Collections.Generic;
using System.Linq;
using Weft.Policy.Model;

namespace Weft.Policy.Build;

/// <summary>
/// Two chains that one connection matches equally well are refused, as Envoy does ("multiple filter chains with the same matching rules"):
/// at every level of the match they share a value, or both leave it open.
/// </summary>
internal static class FilterChainOverlap
{
    public static void Report(List<FilterChainConfig> chains, ConfigProblems problems)
    {
        foreach (IGrouping<int, int> port in Enumerable.Range(0, chains.Count).GroupBy(i => chains[i].Match.DestinationPort))
        {
            int[] indexes = [.. port];
            for (int b = 1; b < indexes.Length; b++)
            {
                int a = Array.FindIndex(indexes, 0, b, i => Overlap(chains[i].Match, chains[indexes[b]].Match));
                if (a >= 0)
                    problems.Add($"filter_chains[{indexes[b]}].filter_chain_match", $"same matching rules as filter_chains[{indexes[a]}] '{chains[indexes[a]].Name}'");
            }
        }
    }

    private static bool Overlap(FilterChainMatchConfig a, FilterChainMatchConfig b)
        => a.TransportProtocol == b.TransportProtocol
            && a.SourceType == b.SourceType
            && Share(a.ApplicationProtocols, b.ApplicationProtocols)
            && Share(a.ServerNames, b.ServerNames)
            && Share(a.PrefixRanges, b.PrefixRanges)
            && Share(a.DirectSourcePrefixRanges, b.DirectSourcePrefixRanges)
            && Share(a.SourcePrefixRanges, b.SourcePrefixRanges)
            && Share(a.SourcePorts, b.SourcePorts);

    private static bool Share<T>(List<T> a, List<T> b) => a.Count == 0 ? b.Count == 0 : a.Exists(b.Contains);
}
