using System;
using System.Collections.Generic;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>A parsed substitution: literals and group numbers in order.</summary>
internal sealed class RegexSubstitution
{
    private readonly List<(int Group, byte[] Literal)> _parts = [];

    /// <summary>Group -1 is a literal.</summary>
    public IReadOnlyList<(int Group, byte[] Literal)> Parts => _parts;

    /// <summary>Highest group used, at least 0: the match itself is always needed.</summary>
    public int LastGroup { get; private set; }

    public static RegexSubstitution Parse(string substitution, int groups)
    {
        var result = new RegexSubstitution();
        var literal = new StringBuilder();
        for (int i = 0; i < substitution.Length; i++)
        {
            if (substitution[i] != '\\')
            {
                literal.Append(substitution[i]);
                continue;
            }

            char c = ++i < substitution.Length ? substitution[i] : '\0';
            if (c == '\\')
            {
                literal.Append('\\');
                continue;
            }

            if (!char.IsAsciiDigit(c))
                throw new RegexSyntaxException($"'{substitution}': a backslash must be followed by a digit or a backslash");
            if (c - '0' > groups)
                throw new RegexSyntaxException($"'{substitution}': \\{c}, but the pattern has {groups} groups");
            result.Flush(literal);
            result._parts.Add((c - '0', []));
            result.LastGroup = Math.Max(result.LastGroup, c - '0');
        }

        result.Flush(literal);
        return result;
    }

    private void Flush(StringBuilder literal)
    {
        if (literal.Length == 0)
            return;
        _parts.Add((-1, Encoding.UTF8.GetBytes(literal.ToString())));
        literal.Clear();
    }
}
