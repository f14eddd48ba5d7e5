using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace Weft.Policy.Regex;

/// <summary>
/// Parses RE2 syntax (google/re2 doc/syntax.txt) but for what a byte automaton of ours does not do: <c>\b</c>, <c>\B</c>, <c>(?m)</c>, <c>\C</c>
/// and Unicode scripts. Those are errors that name themselves; nothing is silently read in another way.
/// </summary>
internal sealed class RegexParser
{
    /// <summary>RE2's limit on a counted repetition, also on nested ones multiplied.</summary>
    public const int MaxRepeat = 1000;

    /// <summary>Nesting of groups: bounds the parser's own stack.</summary>
    public const int MaxDepth = 200;

    private readonly int[] _pattern;
    private readonly string _text;
    private int _position;
    private int _depth;
    private bool _ignoresCase;
    private bool _dotMatchesNewline;
    private bool _isUngreedy;

    private RegexParser(string pattern)
    {
        _text = pattern;
        var runes = new List<int>();
        foreach (Rune rune in pattern.EnumerateRunes())
            runes.Add(rune.Value);
        _pattern = [.. runes];
    }

    /// <summary>Capturing groups seen, without group 0.</summary>
    public int GroupCount { get; private set; }

    public static (RegexNode Root, int Groups) Parse(string pattern)
    {
        var parser = new RegexParser(pattern);
        RegexNode root = parser.ParseAlternation();
        if (!parser.AtEnd)
            throw parser.Error("unexpected )");
        return (root, parser.GroupCount);
    }

    private bool AtEnd => _position >= _pattern.Length;

    private int Peek => AtEnd ? -1 : _pattern[_position];

    private RegexNode ParseAlternation()
    {
        if (++_depth > MaxDepth)
            throw Error($"nested more than {MaxDepth} deep");
        var parts = new List<RegexNode> { ParseConcat() };
        while (TryTake('|'))
            parts.Add(ParseConcat());
        _depth--;
        return parts.Count == 1 ? parts[0] : new RegexNode.Alternate(parts);
    }

    private RegexNode ParseConcat()
    {
        var parts = new List<RegexNode>();
        while (!AtEnd && Peek != '|' && Peek != ')')
        {
            RegexNode? atom = ParseAtom(parts);
            if (atom is not null)
                parts.Add(ParseRepeats(atom));
        }

        return parts.Count switch { 0 => new RegexNode.Empty(), 1 => parts[0], _ => new RegexNode.Concat(parts) };
    }

    /// <summary>Null when it only set flags, or added to <paramref name="parts"/> itself.</summary>
    private RegexNode? ParseAtom(List<RegexNode> parts)
    {
        int c = _pattern[_position++];
        switch (c)
        {
            case '(': return ParseGroup();
            case '[': return new RegexNode.Runes(new RegexClassParser(_pattern, _text, _position, _ignoresCase).Parse(out _position));
            case '.': return new RegexNode.Runes(RuneSet.Any(_dotMatchesNewline));
            case '^': return new RegexNode.Begin();
            case '$': return new RegexNode.End();
            case '*' or '+' or '?': throw Error($"missing argument to repetition operator: {(char)c}");
            case '\\': return ParseEscape(parts);
            default: return Literal(c);
        }
    }

    private RegexNode.Runes Literal(int rune)
    {
        RuneSet set = RuneSet.Of(rune, rune);
        return new RegexNode.Runes(_ignoresCase ? set.Folded() : set);
    }

    private RegexNode ParseRepeats(RegexNode atom)
    {
        bool isRepeated = false;
        while (TryParseRepeat(out int min, out int max))
        {
            if (isRepeated)
                throw Error("bad repetition operator: two in a row");
            isRepeated = true;
            bool isLazy = TryTake('?');
            atom = new RegexNode.Repeat(atom, min, max, isLazy == _isUngreedy);
        }

        return atom;
    }

    private bool TryParseRepeat(out int min, out int max)
    {
        (min, max) = (0, -1);
        switch (Peek)
        {
            case '*': _position++; return true;
            case '+': _position++; min = 1; return true;
            case '?': _position++; max = 1; return true;
            case '{': return TryParseCount(out min, out max);
            default: return false;
        }
    }

    /// <summary><c>{n}</c>, <c>{n,}</c>, <c>{n,m}</c>; anything else is a literal brace, as in RE2.</summary>
    private bool TryParseCount(out int min, out int max)
    {
        int start = _position++;
        max = -1;
        bool isCount = TryParseNumber(out min);
        if (isCount && TryTake(','))
            isCount = Peek == '}' || TryParseNumber(out max);
        else
            max = min;
        if (!isCount || !TryTake('}'))
        {
            _position = start;
            return false;
        }

        if (min > MaxRepeat || max > MaxRepeat || (max >= 0 && min > max))
            throw Error("invalid repeat count: {" + min + "," + max + "}");
        return true;
    }

    private bool TryParseNumber(out int number)
    {
        number = 0;
        int start = _position;
        while (!AtEnd && Peek is >= '0' and <= '9' && number <= MaxRepeat)
            number = number * 10 + (_pattern[_position++] - '0');
        return _position > start;
    }

    private RegexNode? ParseGroup()
    {
        if (!TryTake('?'))
            return Capture();
        if (Peek == 'P' || Peek == '<')
        {
            TryTake('P');
            if (!TryTake('<'))
                throw Error("invalid named capture");
            SkipName();
            return Capture();
        }

        return ParseFlags();
    }

    private void SkipName()
    {
        int start = _position;
        while (!AtEnd && Peek != '>')
        {
            if (!(Peek is '_' or (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z')))
                throw Error("invalid named capture");
            _position++;
        }

        if (_position == start || !TryTake('>'))
            throw Error("invalid named capture");
    }

    private RegexNode.Group Capture()
    {
        int number = ++GroupCount;
        return new RegexNode.Group(Scoped(), number);
    }

    /// <summary>Flags set inside a group end with it.</summary>
    private RegexNode Scoped()
    {
        (bool i, bool s, bool u) = (_ignoresCase, _dotMatchesNewline, _isUngreedy);
        RegexNode inner = ParseAlternation();
        if (!TryTake(')'))
            throw Error("missing )");
        (_ignoresCase, _dotMatchesNewline, _isUngreedy) = (i, s, u);
        return inner;
    }

    private RegexNode? ParseFlags()
    {
        (bool i, bool s, bool u) = (_ignoresCase, _dotMatchesNewline, _isUngreedy);
        bool value = true;
        while (!AtEnd)
        {
            int c = _pattern[_position++];
            switch (c)
            {
                case 'i': i = value; break;
                case 's': s = value; break;
                case 'U': u = value; break;
                case 'm' when value: throw Error("(?m) is not supported");
                case 'm': break;
                case '-' when value: value = false; break;
                case ')':
                    (_ignoresCase, _dotMatchesNewline, _isUngreedy) = (i, s, u);
                    return null;
                case ':':
                    (bool I, bool S, bool U) outer = (_ignoresCase, _dotMatchesNewline, _isUngreedy);
                    (_ignoresCase, _dotMatchesNewline, _isUngreedy) = (i, s, u);
                    RegexNode inner = Scoped();
                    (_ignoresCase, _dotMatchesNewline, _isUngreedy) = outer;
                    return inner;
                default: throw Error("invalid or unsupported (?");
            }
        }

        throw Error("missing )");
    }

    private RegexNode? ParseEscape(List<RegexNode> parts)
    {
        switch (Peek)
        {
            case 'A': _position++; return new RegexNode.Begin();
            case 'z': _position++; return new RegexNode.End();
            case 'b' or 'B': throw Error("\\b and \\B are not supported");
            case 'C': throw Error("\\C is not supported");
            case 'Q':
                _position++;
                return ParseQuoted(parts);
            default:
                if (RegexEscape.TryParseClass(_pattern, ref _position, out RuneSet? set, Error))
                    return new RegexNode.Runes(_ignoresCase ? set.Folded() : set);
                return Literal(RegexEscape.ParseRune(_pattern, ref _position, Error));
        }
    }

    /// <summary>Everything up to <c>\E</c>; the last code point is returned so that a repetition after it applies to that alone.</summary>
    private RegexNode? ParseQuoted(List<RegexNode> parts)
    {
        RegexNode? last = null;
        while (!AtEnd)
        {
            if (Peek == '\\' && _position + 1 < _pattern.Length && _pattern[_position + 1] == 'E')
            {
                _position += 2;
                return last;
            }

            if (last is not null)
                parts.Add(last);
            last = Literal(_pattern[_position++]);
        }

        return last;
    }

    private bool TryTake(int rune)
    {
        if (Peek != rune)
            return false;
        _position++;
        return true;
    }

    private RegexSyntaxException Error(string what)
        => new(string.Create(CultureInfo.InvariantCulture, $"'{_text}': {what} (at {_position})"));
}
