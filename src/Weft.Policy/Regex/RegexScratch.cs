using System;

namespace Weft.Policy.Regex;

/// <summary>Working memory of rewrites; one per loop, grown on first use and kept. Not thread-safe.</summary>
public sealed class RegexScratch
{
    private int[] _cells = [];

    internal Span<int> Rent(int count)
    {
        if (_cells.Length < count)
            _cells = new int[count];
        return _cells.AsSpan(0, count);
    }
}
