using System;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Interception;

/// <summary>
/// What has to be done so that the wanted rules stand, given what is there: nothing, something, or refuse because of rules
/// that are not ours. Never removes a line that it did not write.
/// </summary>
public sealed record InterceptionPlan(bool IsApplied, RuleTable? Missing, IReadOnlyList<RuleConflict> Conflicts)
{
    /// <summary>What to give to <c>iptables-restore --noflush</c>, or null when there is nothing to do or it would clobber.</summary>
    public string? Restore => Missing is { } table && Conflicts.Count == 0 ? IptablesText.Render(table) : null;

    /// <param name="wanted">From <see cref="RedirectRules"/>.</param>
    /// <param name="present">From <see cref="IptablesText.Parse"/> of what iptables-save says now.</param>
    public static InterceptionPlan Make(RuleTable wanted, IReadOnlyList<RuleTable> present)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(present);
        RuleTable nat = present.FirstOrDefault(table => table.Name == wanted.Name) ?? new RuleTable(wanted.Name, [], []);
        List<RuleConflict> conflicts = [.. present.SelectMany(table => ConflictsIn(table, wanted))];
        if (conflicts.Count > 0)
        {
            return new InterceptionPlan(false, null, conflicts);
        }

        bool areChainsComplete = wanted.Chains.All(chain => nat.Has(chain) && nat.RulesOf(chain).SequenceEqual(wanted.RulesOf(chain)));
        List<Rule> missingJumps = [.. wanted.Rules.Where(rule => !wanted.Has(rule.Chain) && !nat.Rules.Contains(rule))];
        if (areChainsComplete && missingJumps.Count == 0)
        {
            return new InterceptionPlan(true, null, []);
        }

        List<Rule> rules = [.. wanted.Rules.Where(rule => wanted.Has(rule.Chain)), .. missingJumps];
        return new InterceptionPlan(false, wanted with { Rules = rules }, []);
    }

    /// <summary>
    /// In a chain of our name: every line that we would not write there. In a built-in nat or mangle chain: every line that
    /// redirects, and every jump into a chain that does.
    /// </summary>
    private static IEnumerable<RuleConflict> ConflictsIn(RuleTable table, RuleTable wanted)
    {
        bool isOurTable = table.Name == wanted.Name;
        foreach (Rule rule in table.Rules)
        {
            bool isForeign = isOurTable && wanted.Has(rule.Chain)
                ? !wanted.RulesOf(rule.Chain).Contains(rule)
                : rule.Chain is "PREROUTING" or "OUTPUT" && !(isOurTable && wanted.Rules.Contains(rule)) && Redirects(rule, table, depth: 0);
            if (isForeign)
            {
                yield return new RuleConflict(table.Name, rule.ToString());
            }
        }
    }

    private static bool Redirects(Rule rule, RuleTable table, int depth)
    {
        // A jump can only be as deep as there are chains; the kernel refuses loops, a doctored text might not.
        const int deepestJump = 16;
        return rule.IsRedirecting || (depth < deepestJump && table.RulesOf(rule.Target).Any(next => Redirects(next, table, depth + 1)));
    }
}
