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
