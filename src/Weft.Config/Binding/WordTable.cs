using System;
using System.Collections.Generic;

namespace Weft.Config;

/// <summary>The words of an enum as the API writes them, in the API's order.</summary>
internal sealed class WordTable<T>(params (string Word, T Value)[] rows)
    where T : struct
{
    internal IReadOnlyList<string> Words { get; } = Array.ConvertAll(rows, r => r.Word);

    internal bool TryFind(string word, out T value)
    {
        foreach ((string name, T candidate) in rows)
        {
            if (string.Equals(name, word, StringComparison.Ordinal))
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }
}
