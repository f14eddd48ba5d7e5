using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>Parses a bracket expression; the position is after its '['.</summary>
internal sealed class RegexClassParser(int[] pattern, string text, int position, bool ignoresCase)
{
    private static readonly Dictionary<string, (int Low, int High)[]> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = [('0', '9'), ('A', 'Z'), ('a', 'z')],
        ["alpha"] = [('A', 'Z'), ('a', 'z')],
        ["ascii"] = [(0, 127)],
        ["blank"] = [('\t', '\t'), (' ', ' ')],
        ["cntrl"] = [(0, 31), (127, 127)],
        ["digit"] = [('0', '9')],
        ["graph"] = [('!', '~')],
        ["lower"] = [('a', 'z')],
        ["print"] = [(' ', '~')],
        ["punct"] = [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        ["space"] = [('\t', '\r'), (' ', ' ')],
        ["upper"] = [('A', 'Z')],
        ["word"] = [('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')],
        ["xdigit"] = [('0', '9'), ('A', 'F'), ('a', 'f')],
    };

    private int _position = position;

    public RuneSet Parse(out int end)
    {
        bool isNegated = TryTake('^');
        var set = new RuneSet();
        bool isFirst = true;
        while (isFirst || Peek != ']')
        {
            if (_position >= pattern.Length)
                throw Error("missing closing ]");
            isFirst = false;
            if (!TryParsePosix(set) && !TryParseEscapedClass(set))
                ParseRange(set);
        }

        _position++;
        end = _position;
        if (ignoresCase)
            set = set.Folded();
        set = isNegated ? set.Negated() : set;
        return set;
    }

    private int Peek => _position < pattern.Length ? pattern[_position] : -1;

    private void ParseRange(RuneSet set)
    {
        int low = ParseRune();
        int high = low;
        if (Peek == '-' && _position + 1 < pattern.Length && pattern[_position + 1] != ']')
        {
            _position++;
            high = ParseRune();
            if (high < low)
                throw Error("invalid character class range");
        }

        set.Add(low, high);
    }

    private int ParseRune()
    {
        int c = pattern[_position++];
        return c == '\\' ? RegexEscape.ParseRune(pattern, ref _position, Error) : c;
    }

    private bool TryParseEscapedClass(RuneSet set)
    {
        if (Peek != '\\')
            return false;
        int at = _position + 1;
        if (!RegexEscape.TryParseClass(pattern, ref at, out RuneSet? found, Error))
            return false;
        _position = at;
        set.Add(found);
        return true;
    }

    private bool TryParsePosix(RuneSet set)
    {
        if (Peek != '[' || _position + 1 >= pattern.Length || pattern[_position + 1] != ':')
            return false;
        var name = new StringBuilder();
        int at = _position + 2;
        while (at < pattern.Length && pattern[at] != ':' && pattern[at] != ']')
            name.Append(new Rune(pattern[at++]).ToString());
        if (at + 1 >= pattern.Length || pattern[at] != ':' || pattern[at + 1] != ']')
            return false;
        bool isNegated = name.Length > 0 && name[0] == '^';
        if (!Posix.TryGetValue(isNegated ? name.ToString(1, name.Length - 1) : name.ToString(), out (int Low, int High)[]? ranges))
            throw Error($"invalid character class range: [:{name}:]");
        var found = new RuneSet();
        foreach ((int low, int high) in ranges)
            found.Add(low, high);
        set.Add(isNegated ? found.Negated() : found);
        _position = at + 2;
        return true;
    }

    private bool TryTake(int rune)
    {
        if (Peek != rune)
            return false;
        _position++;
        return true;
    }

    private RegexSyntaxException Error(string what)
        => new(string.Create(CultureInfo.InvariantCulture, $"'{text}': {what} (at {_position})"));
}
