using System;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Interception;

/// <summary>The rules of one iptables table: own chains, and lines in built-in or own chains, in order.</summary>
public sealed record RuleTable(string Name, IReadOnlyList<string> Chains, IReadOnlyList<Rule> Rules)
{
    public IEnumerable<Rule> RulesOf(string chain) => Rules.Where(rule => rule.Chain == chain);

    public bool Has(string chain) => Chains.Contains(chain, StringComparer.Ordinal);
}
