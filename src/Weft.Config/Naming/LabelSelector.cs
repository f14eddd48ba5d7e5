using System;
using System.Collections.Generic;
using System.Linq;

namespace Weft.Config;

/// <summary>A Kubernetes label selector: all requirements must hold. Immutable; any thread.</summary>
public sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    private readonly bool _matchesNothing;

    private LabelSelector(bool matchesNothing)
        : this([]) => _matchesNothing = matchesNothing;

    /// <summary>No requirement: every object.</summary>
    public static LabelSelector Everything { get; } = new([]);

    /// <summary>A null selector: no object.</summary>
    public static LabelSelector Nothing { get; } = new(matchesNothing: true);

    public bool IsEverything => !_matchesNothing && Requirements.Count == 0;

    /// <summary>Reads a <c>labelSelector</c> of a query: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
    public static bool TryParse(string text, out LabelSelector selector)
    {
        var requirements = new List<LabelRequirement>();
        selector = Everything;
        foreach (string part in SplitOutsideParentheses(text))
        {
            if (ParseRequirement(part.Trim()) is not { } requirement)
            {
                return false;
            }

            requirements.Add(requirement);
        }

        selector = new LabelSelector(requirements);
        return true;
    }

    public static LabelSelector OfLabels(IReadOnlyDictionary<string, string> labels) =>
        new([.. labels.Select(l => new LabelRequirement(l.Key, LabelOperator.In, [l.Value]))]);

    /// <summary>True when every requirement holds for <paramref name="labels"/>.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        if (_matchesNothing)
        {
            return false;
        }

        foreach (LabelRequirement requirement in Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }

    private static IEnumerable<string> SplitOutsideParentheses(string text)
    {
        int from = 0;
        int depth = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ',';
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.Length))
            {
                if (i > from || text.Length > 0)
                {
                    yield return text[from..i];
                }

                from = i + 1;
            }
        }
    }

    private static LabelRequirement? ParseRequirement(string part)
    {
        int equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0)
        {
            bool isNot = part[equals - 1] == '!';
            string key = part[..(isNot ? equals - 1 : equals)].Trim();
            string value = part[(equals + 1)..].TrimStart('=').Trim();
            return Requirement(key, isNot ? LabelOperator.NotIn : LabelOperator.In, [value]);
        }

        int open = part.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && part.EndsWith(')'))
        {
            string[] head = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = part[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
            return head is [{ } key, "in" or "notin"] ? Requirement(key, head[1] == "in" ? LabelOperator.In : LabelOperator.NotIn, values) : null;
        }

        return part.StartsWith('!') ? Requirement(part[1..].Trim(), LabelOperator.DoesNotExist, []) : Requirement(part, LabelOperator.Exists, []);
    }

    private static LabelRequirement? Requirement(string key, LabelOperator op, IReadOnlyList<string> values) =>
        Names.IsLabelKey(key) && values.All(v => Names.IsLabelValue(v)) ? new LabelRequirement(key, op, values) : null;

    /// <summary>True when every pair of <paramref name="wanted"/> is in <paramref name="labels"/>: the selectors of Services, Gateways and policies.</summary>
    public static bool IsSubset(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels)
    {
        foreach ((string key, string value) in wanted)
        {
            if (!labels.TryGetValue(key, out string? have) || !string.Equals(have, value, StringComparison.Ordinal))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>One requirement of a selector.</summary>
public sealed record LabelRequirement(string Key, LabelOperator Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        bool has = labels.TryGetValue(Key, out string? value);
        return Operator switch
        {
            LabelOperator.In => has && Values.Contains(value, StringComparer.Ordinal),
            LabelOperator.NotIn => !has || !Values.Contains(value, StringComparer.Ordinal),
            LabelOperator.Exists => has,
            _ => !has,
        };
    }
}

public enum LabelOperator : byte
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
}
