using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Weft.Policy.Regex;

/// <summary>
/// Subset construction over byte classes, then minimisation: a table that decides a full match with one lookup per byte. Everything that could
/// grow is bounded here, at build time; matching cannot. State 0 is dead. Off-loop.
/// </summary>
internal sealed class RegexDfaBuilder
{
    /// <summary>States during construction; a pattern that needs more is refused, and with it its object.</summary>
    public const int MaxStates = 4096;

    /// <summary>Size of the finished table in bytes.</summary>
    public const int MaxTableBytes = 512 * 1024;

    private readonly IReadOnlyList<RegexInstruction> _instructions;
    private readonly byte[] _classes = new byte[256];
    private readonly List<byte> _representatives = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _knownTargets = new(StringComparer.Ordinal);
    private readonly List<int[]> _sets = [];
    private readonly List<bool> _accepts = [];
    private readonly List<int[]> _rows = [];

    private RegexDfaBuilder(RegexProgram program)
    {
        _instructions = program.Instructions;
        FindClasses();
        AddState([], accepts: false);
        int[] start = Closure([program.Start], isBegin: true);
        AddState(start, AcceptsAtEnd(start, isBegin: true));
        for (int state = 0; state < _sets.Count; state++)
            _rows.Add(Row(_sets[state]));
    }

    public static byte[] Build(RegexProgram program)
    {
        var builder = new RegexDfaBuilder(program);
        return builder.Image(builder.Minimise());
    }

    /// <summary>Bytes that no instruction tells apart share a column.</summary>
    private void FindClasses()
    {
        var cuts = new bool[257];
        foreach (RegexInstruction i in _instructions)
        {
            if (i.Op != RegexOp.Byte || i.A > i.B)
                continue;
            cuts[i.A] = true;
            cuts[i.B + 1] = true;
        }

        _representatives.Add(0);
        for (int b = 1; b < 256; b++)
        {
            if (cuts[b])
                _representatives.Add((byte)b);
            _classes[b] = (byte)(_representatives.Count - 1);
        }
    }

    /// <summary>Where each class of bytes leads from a set of instructions.</summary>
    private int[] Row(int[] set)
    {
        var row = new int[_representatives.Count];
        var targets = new List<int>?[row.Length];
        foreach (int at in set)
        {
            RegexInstruction i = _instructions[at];
            if (i.Op != RegexOp.Byte || i.A > i.B)
                continue;
            for (int c = _classes[i.A]; c <= _classes[i.B]; c++)
                (targets[c] ??= []).Add(i.Next);
        }

        for (int c = 0; c < row.Length; c++)
        {
            if (targets[c] is { } next)
                row[c] = StateOf(next);
        }

        return row;
    }

    /// <summary>The state after a byte that leads to these instructions. Most columns of a row repeat the one before.</summary>
    private int StateOf(List<int> next)
    {
        var key = new string(MemoryMarshal.Cast<int, char>(CollectionsMarshal.AsSpan(next)));
        if (_knownTargets.TryGetValue(key, out int state))
            return state;
        int[] closure = Closure(CollectionsMarshal.AsSpan(next), isBegin: false);
        state = AddState(closure, AcceptsAtEnd(closure, isBegin: false));
        _knownTargets.Add(key, state);
        return state;
    }

    private int AddState(int[] set, bool accepts)
    {
        var key = new string(MemoryMarshal.Cast<int, char>(set)) + (accepts ? "+" : "-");
        if (_known.TryGetValue(key, out int state))
            return state;
        if (_sets.Count >= MaxStates)
            throw new RegexSyntaxException($"regular expression too large: more than {MaxStates} states");
        _known.Add(key, _sets.Count);
        _sets.Add(set);
        _accepts.Add(accepts);
        return _sets.Count - 1;
    }

    /// <summary>What is reachable without a byte. End assertions stay in the set: they are followed only where the input ends.</summary>
    private int[] Closure(ReadOnlySpan<int> from, bool isBegin, bool isEnd = false)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>(from.ToArray());
        while (pending.TryPop(out int at))
        {
            if (!seen.Add(at))
                continue;
            RegexInstruction i = _instructions[at];
            switch (i.Op)
            {
                case RegexOp.Split:
                    pending.Push(i.Next);
                    pending.Push(i.A);
                    break;
                case RegexOp.Save:
                case RegexOp.Begin when isBegin:
                case RegexOp.End when isEnd:
                    pending.Push(i.Next);
                    break;
                default:
                    break;
            }
        }

        int[] set = [.. seen.Where(at => _instructions[at].Op is RegexOp.Byte or RegexOp.Match or RegexOp.End)];
        Array.Sort(set);
        return set;
    }

    private bool AcceptsAtEnd(int[] set, bool isBegin)
        => Closure(set, isBegin, isEnd: true).Any(at => _instructions[at].Op == RegexOp.Match);

    /// <summary>Moore's refinement: the block of each state, numbered by first appearance, the dead state's first.</summary>
    private int[] Minimise()
    {
        int[] block = [.. _accepts.Select(a => a ? 1 : 0)];
        int count = block.Distinct().Count();
        while (true)
        {
            var signatures = new Dictionary<string, int>(StringComparer.Ordinal);
            var next = new int[block.Length];
            for (int s = 0; s < block.Length; s++)
            {
                int[] signature = [block[s], .. _rows[s].Select(t => block[t])];
                var key = new string(MemoryMarshal.Cast<int, char>(signature));
                if (!signatures.TryGetValue(key, out int id))
                    signatures.Add(key, id = signatures.Count);
                next[s] = id;
            }

            block = next;
            if (signatures.Count == count)
                return block;
            count = signatures.Count;
        }
    }

    private byte[] Image(int[] block)
    {
        int states = block.Max() + 1;
        int classes = _representatives.Count;
        int acceptBytes = (states + 1) & ~1;
        int tableBytes = states * classes * sizeof(ushort);
        if (tableBytes > MaxTableBytes)
            throw new RegexSyntaxException($"regular expression too large: its table takes more than {MaxTableBytes} bytes");
        var image = new byte[RegexDfaHeader.Size + 256 + acceptBytes + tableBytes];
        MemoryMarshal.Write(image, new RegexDfaHeader { States = states, Classes = classes, Start = block[1], AcceptBytes = acceptBytes });
        _classes.CopyTo(image.AsSpan(RegexDfaHeader.Size));
        Span<byte> accepts = image.AsSpan(RegexDfaHeader.Size + 256, states);
        Span<ushort> table = MemoryMarshal.Cast<byte, ushort>(image.AsSpan(RegexDfaHeader.Size + 256 + acceptBytes));
        for (int s = 0; s < block.Length; s++)
        {
            accepts[block[s]] = _accepts[s] ? (byte)1 : (byte)0;
            for (int c = 0; c < classes; c++)
                table[block[s] * classes + c] = (ushort)block[_rows[s][c]];
        }

        return image;
    }
}
