using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>Which code points differ only in case: simple folding, with the two orbits of three that ASCII letters have (K and ſ).</summary>
internal static class CaseFolding
{
    private const int LastCased = 0x1FFFF;
    private const int KelvinSign = 0x212A;
    private const int LongS = 0x17F;

    private static readonly Lazy<Dictionary<int, int[]>> Orbits = new(Build);

    /// <summary>Adds the other cases of every code point in a range.</summary>
    public static void AddOthers(int low, int high, RuneSet set)
    {
        foreach ((int rune, int[] orbit) in Orbits.Value)
        {
            if (rune < low || rune > high)
                continue;
            foreach (int other in orbit)
                set.Add(other, other);
        }
    }

    private static Dictionary<int, int[]> Build()
    {
        var classes = new Dictionary<int, List<int>>();
        for (int rune = 0; rune <= LastCased; rune++)
        {
            if (!Rune.IsValid(rune))
                continue;
            int canonical = Canonical(rune);
            if (!classes.TryGetValue(canonical, out List<int>? members))
                classes.Add(canonical, members = []);
            members.Add(rune);
        }

        return classes.Values.Where(c => c.Count > 1).SelectMany(c => c.Select(r => (r, c))).ToDictionary(p => p.r, p => p.c.ToArray());
    }

    private static int Canonical(int rune) => rune switch
    {
        KelvinSign => 'k',
        LongS => 's',
        _ => Rune.ToLowerInvariant(Rune.ToUpperInvariant(new Rune(rune))).Value,
    };
}
