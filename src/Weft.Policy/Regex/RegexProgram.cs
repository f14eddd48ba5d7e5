using System.Collections.Generic;

namespace Weft.Policy.Regex;

/// <summary>Thompson's construction: a syntax tree becomes instructions over bytes. Off-loop.</summary>
internal sealed class RegexProgram
{
    /// <summary>Over it the pattern is refused: Envoy's re2.max_program_size as Istio sets it is 32768 of RE2's instructions.</summary>
    public const int MaxInstructions = 20_000;

    private readonly List<RegexInstruction> _instructions = [];
    private readonly int _lastGroup;

    private RegexProgram(int lastGroup) => _lastGroup = lastGroup;

    public IReadOnlyList<RegexInstruction> Instructions => _instructions;

    public int Start { get; private set; }

    /// <param name="root">The tree.</param>
    /// <param name="lastGroup">Highest group whose place is wanted; -1 for none (not even the whole match).</param>
    public static RegexProgram Build(RegexNode root, int lastGroup)
    {
        var program = new RegexProgram(lastGroup);
        int match = program.Emit(RegexOp.Match, 0);
        program.Start = program.Compile(lastGroup >= 0 ? new RegexNode.Group(root, 0) : root, match);
        return program;
    }

    private int Emit(RegexOp op, int next, int a = 0, int b = 0)
    {
        if (_instructions.Count >= MaxInstructions)
            throw new RegexSyntaxException($"regular expression too large: more than {MaxInstructions} instructions");
        _instructions.Add(new RegexInstruction { Op = op, Next = next, A = a, B = b });
        return _instructions.Count - 1;
    }

    /// <summary>Emits what matches <paramref name="node"/> and goes on at <paramref name="next"/>; returns where it begins.</summary>
    private int Compile(RegexNode node, int next)
    {
        switch (node)
        {
            case RegexNode.Runes runes:
                return CompileRunes(runes.Set, next);
            case RegexNode.Concat concat:
                for (int i = concat.Parts.Count - 1; i >= 0; i--)
                    next = Compile(concat.Parts[i], next);
                return next;
            case RegexNode.Alternate alternate:
                int way = Compile(alternate.Parts[^1], next);
                for (int i = alternate.Parts.Count - 2; i >= 0; i--)
                    way = Emit(RegexOp.Split, Compile(alternate.Parts[i], next), way);
                return way;
            case RegexNode.Repeat repeat:
                return CompileRepeat(repeat, next);
            case RegexNode.Group group:
                if (group.Number > _lastGroup)
                    return Compile(group.Inner, next);
                int close = Emit(RegexOp.Save, next, group.Number * 2 + 1);
                return Emit(RegexOp.Save, Compile(group.Inner, close), group.Number * 2);
            case RegexNode.Begin:
                return Emit(RegexOp.Begin, next);
            case RegexNode.End:
                return Emit(RegexOp.End, next);
            default:
                return next;
        }
    }

    private int CompileRunes(RuneSet set, int next)
    {
        List<(byte Low, byte High)[]> sequences = Utf8Ranges.Of(set);
        int way = -1;
        for (int i = sequences.Count - 1; i >= 0; i--)
        {
            int at = next;
            for (int j = sequences[i].Length - 1; j >= 0; j--)
                at = Emit(RegexOp.Byte, at, sequences[i][j].Low, sequences[i][j].High);
            way = way < 0 ? at : Emit(RegexOp.Split, at, way);
        }

        // An empty class matches nothing: a byte range that no byte is in.
        return way < 0 ? Emit(RegexOp.Byte, next, 1, 0) : way;
    }

    private int CompileRepeat(RegexNode.Repeat repeat, int next)
    {
        if (repeat.Max < 0)
        {
            int loop = Emit(RegexOp.Split, 0);
            int body = Compile(repeat.Inner, loop);
            _instructions[loop] = Choice(repeat.IsGreedy, body, next);
            next = loop;
        }
        else
        {
            int skip = next;
            for (int i = repeat.Min; i < repeat.Max; i++)
            {
                int body = Compile(repeat.Inner, next);
                next = Emit(RegexOp.Split, 0);
                _instructions[next] = Choice(repeat.IsGreedy, body, skip);
            }
        }

        for (int i = 0; i < repeat.Min; i++)
            next = Compile(repeat.Inner, next);
        return next;
    }

    private static RegexInstruction Choice(bool isGreedy, int body, int skip)
        => new() { Op = RegexOp.Split, Next = isGreedy ? body : skip, A = isGreedy ? skip : body };
}
