using System.Collections.Generic;

namespace Weft.Policy.Regex;

/// <summary>A set of Unicode code points as sorted, disjoint, inclusive ranges. Off-loop; used while compiling.</summary>
internal sealed class RuneSet
{
    public const int MaxRune = 0x10FFFF;

    private readonly List<(int Low, int High)> _ranges = [];

    /// <summary>Sorted and disjoint.</summary>
    public IReadOnlyList<(int Low, int High)> Ranges
    {
        get
        {
            Normalise();
            return _ranges;
        }
    }

    public bool IsEmpty => _ranges.Count == 0;

    public static RuneSet Of(int low, int high)
    {
        var set = new RuneSet();
        set.Add(low, high);
        return set;
    }

    /// <summary>Everything, without the line feed unless <paramref name="withNewline"/>.</summary>
    public static RuneSet Any(bool withNewline)
    {
        if (withNewline)
            return Of(0, MaxRune);
        RuneSet set = Of(0, '\n' - 1);
        set.Add('\n' + 1, MaxRune);
        return set;
    }

    public void Add(int low, int high) => _ranges.Add((low, high));

    public void Add(RuneSet other) => _ranges.AddRange(other._ranges);

    public RuneSet Negated()
    {
        var result = new RuneSet();
        int next = 0;
        foreach ((int low, int high) in Ranges)
        {
            if (low > next)
                result.Add(next, low - 1);
            next = high + 1;
        }

        if (next <= MaxRune)
            result.Add(next, MaxRune);
        return result;
    }

    /// <summary>With every code point also its other cases (simple folding, as RE2).</summary>
    public RuneSet Folded()
    {
        var result = new RuneSet();
        result.Add(this);
        foreach ((int low, int high) in Ranges)
            CaseFolding.AddOthers(low, high, result);
        return result;
    }

    private void Normalise()
    {
        _ranges.Sort();
        int kept = 0;
        for (int i = 1; i < _ranges.Count; i++)
        {
            if (_ranges[i].Low <= _ranges[kept].High + 1)
            {
                if (_ranges[i].High > _ranges[kept].High)
                    _ranges[kept] = (_ranges[kept].Low, _ranges[i].High);
            }
            else
            {
                _ranges[++kept] = _ranges[i];
            }
        }

        if (_ranges.Count > 0)
            _ranges.RemoveRange(kept + 1, _ranges.Count - kept - 1);
    }
}
