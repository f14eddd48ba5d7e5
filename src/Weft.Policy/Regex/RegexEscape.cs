using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>What may follow a backslash, inside and outside of brackets. The position is after the backslash.</summary>
internal static class RegexEscape
{
    private static readonly Dictionary<string, UnicodeCategory[]> Categories = new(StringComparer.Ordinal)
    {
        ["Lu"] = [UnicodeCategory.UppercaseLetter],
        ["Ll"] = [UnicodeCategory.LowercaseLetter],
        ["Lt"] = [UnicodeCategory.TitlecaseLetter],
        ["Lm"] = [UnicodeCategory.ModifierLetter],
        ["Lo"] = [UnicodeCategory.OtherLetter],
        ["Mn"] = [UnicodeCategory.NonSpacingMark],
        ["Mc"] = [UnicodeCategory.SpacingCombiningMark],
        ["Me"] = [UnicodeCategory.EnclosingMark],
        ["Nd"] = [UnicodeCategory.DecimalDigitNumber],
        ["Nl"] = [UnicodeCategory.LetterNumber],
        ["No"] = [UnicodeCategory.OtherNumber],
        ["Zs"] = [UnicodeCategory.SpaceSeparator],
        ["Zl"] = [UnicodeCategory.LineSeparator],
        ["Zp"] = [UnicodeCategory.ParagraphSeparator],
        ["Cc"] = [UnicodeCategory.Control],
        ["Cf"] = [UnicodeCategory.Format],
        ["Co"] = [UnicodeCategory.PrivateUse],
        ["Pc"] = [UnicodeCategory.ConnectorPunctuation],
        ["Pd"] = [UnicodeCategory.DashPunctuation],
        ["Ps"] = [UnicodeCategory.OpenPunctuation],
        ["Pe"] = [UnicodeCategory.ClosePunctuation],
        ["Pi"] = [UnicodeCategory.InitialQuotePunctuation],
        ["Pf"] = [UnicodeCategory.FinalQuotePunctuation],
        ["Po"] = [UnicodeCategory.OtherPunctuation],
        ["Sm"] = [UnicodeCategory.MathSymbol],
        ["Sc"] = [UnicodeCategory.CurrencySymbol],
        ["Sk"] = [UnicodeCategory.ModifierSymbol],
        ["So"] = [UnicodeCategory.OtherSymbol],
    };

    /// <summary>A class: <c>\d \D \s \S \w \W \pL \p{Lu} \P…</c>.</summary>
    public static bool TryParseClass(
        int[] pattern, ref int position, [NotNullWhen(true)] out RuneSet? set, Func<string, RegexSyntaxException> error)
    {
        set = position < pattern.Length ? Perl(pattern[position]) : null;
        if (set is not null)
        {
            position++;
            return true;
        }

        if (position >= pattern.Length || pattern[position] is not ('p' or 'P'))
            return false;
        bool isNegated = pattern[position++] == 'P';
        string name = PropertyName(pattern, ref position, error);
        if (name.StartsWith('^'))
            (isNegated, name) = (!isNegated, name[1..]);
        set = Property(name) ?? throw error($"invalid or unsupported character class: \\p{{{name}}}");
        set = isNegated ? set.Negated() : set;
        return true;
    }

    /// <summary>A single code point.</summary>
    public static int ParseRune(int[] pattern, ref int position, Func<string, RegexSyntaxException> error)
    {
        if (position >= pattern.Length)
            throw error("trailing \\");
        int c = pattern[position++];
        switch (c)
        {
            case 'a': return 7;
            case 'f': return 12;
            case 't': return 9;
            case 'n': return 10;
            case 'r': return 13;
            case 'v': return 11;
            case 'x': return ParseHex(pattern, ref position, error);
            case >= '0' and <= '7': return ParseOctal(pattern, ref position, c, error);
            default:
                bool isPunctuation = c < 0x80 && !char.IsAsciiLetterOrDigit((char)c) && c != '_';
                return isPunctuation ? c : throw error($"invalid escape sequence: \\{new Rune(c)}");
        }
    }

    private static RuneSet? Perl(int letter)
    {
        var set = new RuneSet();
        switch (letter)
        {
            case 'd' or 'D':
                set.Add('0', '9');
                break;
            case 's' or 'S':
                set.Add('\t', '\n');
                set.Add('\f', '\r');
                set.Add(' ', ' ');
                break;
            case 'w' or 'W':
                set.Add('0', '9');
                set.Add('A', 'Z');
                set.Add('_', '_');
                set.Add('a', 'z');
                break;
            default:
                return null;
        }

        return letter is 'D' or 'S' or 'W' ? set.Negated() : set;
    }

    private static string PropertyName(int[] pattern, ref int position, Func<string, RegexSyntaxException> error)
    {
        if (position >= pattern.Length)
            throw error("invalid character class range: \\p");
        if (pattern[position] != '{')
            return new Rune(pattern[position++]).ToString();
        int end = Array.IndexOf(pattern, '}', position);
        if (end < 0)
            throw error("invalid character class range: \\p{");
        var name = new StringBuilder();
        for (int i = position + 1; i < end; i++)
            name.Append(new Rune(pattern[i]).ToString());
        position = end + 1;
        return name.ToString();
    }

    /// <summary>General categories only: <c>L</c>, <c>Lu</c>, … and <c>Any</c>.</summary>
    private static RuneSet? Property(string name)
    {
        if (name == "Any")
            return RuneSet.Any(withNewline: true);
        var wanted = new HashSet<UnicodeCategory>();
        foreach ((string key, UnicodeCategory[] categories) in Categories)
        {
            if (key == name || (name.Length == 1 && key[0] == name[0]))
                wanted.UnionWith(categories);
        }

        if (wanted.Count == 0)
            return null;
        var set = new RuneSet();
        int start = -1;
        for (int rune = 0; rune <= RuneSet.MaxRune + 1; rune++)
        {
            bool isIn = rune <= RuneSet.MaxRune && Rune.IsValid(rune) && wanted.Contains(Rune.GetUnicodeCategory(new Rune(rune)));
            if (isIn && start < 0)
                start = rune;
            if (isIn || start < 0)
                continue;
            set.Add(start, rune - 1);
            start = -1;
        }

        return set;
    }

    private static int ParseHex(int[] pattern, ref int position, Func<string, RegexSyntaxException> error)
    {
        bool isBraced = position < pattern.Length && pattern[position] == '{';
        int end = isBraced ? Array.IndexOf(pattern, '}', position) : Math.Min(position + 2, pattern.Length);
        int start = isBraced ? position + 1 : position;
        if (end <= start || end - start > 6 || (!isBraced && end - start != 2))
            throw error("invalid escape sequence: \\x");
        int value = 0;
        for (int i = start; i < end; i++)
        {
            if (pattern[i] >= 0x80 || !char.IsAsciiHexDigit((char)pattern[i]))
                throw error("invalid escape sequence: \\x");
            value = value * 16 + Convert.ToInt32(((char)pattern[i]).ToString(), 16);
        }

        if (!Rune.IsValid(value))
            throw error("invalid escape sequence: \\x is not a code point");
        position = isBraced ? end + 1 : end;
        return value;
    }

    /// <summary><c>\0</c> to <c>\377</c>; a single non-zero digit would be a back-reference, which no linear engine has.</summary>
    private static int ParseOctal(int[] pattern, ref int position, int first, Func<string, RegexSyntaxException> error)
    {
        bool hasMore = position < pattern.Length && pattern[position] is >= '0' and <= '7';
        if (first != '0' && !hasMore)
            throw error($"invalid escape sequence: \\{(char)first} (no back-references)");
        int value = first - '0';
        for (int i = 0; i < 2 && position < pattern.Length && pattern[position] is >= '0' and <= '7'; i++)
            value = value * 8 + (pattern[position++] - '0');
        return value;
    }
}
