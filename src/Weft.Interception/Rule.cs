using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Weft.Interception;

/// <summary>One condition of a rule in iptables' words: option, value, and whether it is negated.</summary>
public readonly record struct RuleMatch(string Option, string Value, bool IsNegated = false)
{
    public override string ToString() => (IsNegated ? "! " : string.Empty) + Option + " " + Value;
}

/// <summary>One line of a chain. Equality ignores what iptables-save adds by itself (<c>-m tcp</c>), so what was written equals what is read back.</summary>
public sealed class Rule(string chain, IReadOnlyList<RuleMatch> matches, string target, string? targetOption = null, string? targetValue = null) : IEquatable<Rule>
{
    public string Chain { get; } = chain;

    /// <summary>In the order in which iptables prints them.</summary>
    public IReadOnlyList<RuleMatch> Matches { get; } = matches;

    public string Target { get; } = target;

    /// <summary>Such as --to-ports.</summary>
    public string? TargetOption { get; } = targetOption;

    public string? TargetValue { get; } = targetValue;

    /// <summary>Whether this rule sends traffic somewhere else by itself.</summary>
    public bool IsRedirecting => Target is "REDIRECT" or "DNAT" or "TPROXY" or "NETMAP" or "SNAT" or "MASQUERADE";

    public bool Equals(Rule? other) => other is not null && ToString() == other.ToString();

    public override bool Equals(object? obj) => Equals(obj as Rule);

    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>As iptables-restore takes it.</summary>
    public override string ToString()
    {
        StringBuilder line = new("-A ");
        line.Append(Chain);
        string? protocol = Matches.Where(match => match.Option == "-p").Select(match => match.Value).FirstOrDefault();
        string? module = null;
        foreach (RuleMatch match in Matches)
        {
            if (ModuleOf(match.Option, protocol) is { } needed && needed != module)
            {
                line.Append(" -m ").Append(needed);
                module = needed;
            }

            line.Append(' ').Append(match);
        }

        line.Append(" -j ").Append(Target);
        if (TargetOption is not null)
        {
            line.Append(' ').Append(TargetOption).Append(' ').Append(TargetValue);
        }

        return line.ToString();
    }

    private static string? ModuleOf(string option, string? protocol) => option switch
    {
        "--dport" or "--sport" => protocol,
        "--uid-owner" or "--gid-owner" => "owner",
        "--mark" => "mark",
        "--mode" or "--probability" => "statistic",
        "--dports" or "--sports" or "--ports" => "multiport",
        _ => null,
    };
}
