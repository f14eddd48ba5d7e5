using System;

namespace Weft.Policy.Regex;

/// <summary>Finds the leftmost match from a position, with its groups. All memory is the loop's scratch.</summary>
internal ref struct RegexSearch
{
    private readonly ReadOnlySpan<RegexInstruction> _instructions;
    private readonly ReadOnlySpan<byte> _input;
    private readonly int _start;
    private readonly Span<int> _stack;
    private readonly Span<int> _working;
    private readonly Span<int> _match;
    private RegexThreads _current;
    private RegexThreads _next;
    private long _work;

    public RegexSearch(RegexRewriteImage image, ReadOnlySpan<byte> input, RegexScratch scratch, long work)
    {
        _instructions = image.Instructions;
        _input = input;
        _start = image.Start;
        _work = work;
        int n = _instructions.Length;
        int slots = image.Slots;
        Span<int> cells = scratch.Rent(2 * (2 * n + n * slots) + 6 * n + 16 + 2 * slots);
        _current = new RegexThreads(Take(ref cells, n), Take(ref cells, n), Take(ref cells, n * slots), slots);
        _next = new RegexThreads(Take(ref cells, n), Take(ref cells, n), Take(ref cells, n * slots), slots);
        _stack = Take(ref cells, 6 * n + 16);
        _working = Take(ref cells, slots);
        _match = Take(ref cells, slots);
    }

    /// <summary>Slots of the match found: start and end of each group, -1 where it took no part.</summary>
    public readonly ReadOnlySpan<int> Match => _match;

    /// <summary>The work limit was met: what was found so far is not to be trusted.</summary>
    public readonly bool IsExhausted => _work < 0;

    public bool TryFind(int from)
    {
        bool isFound = false;
        _current.Clear();
        for (int at = from; ; at++)
        {
            // New threads only while nothing matched: a match that begins earlier is preferred.
            if (!isFound)
            {
                _working.Fill(-1);
                Follow(ref _current, _start, at);
            }

            if (_current.Count == 0 && isFound)
                return !IsExhausted;
            isFound |= Step(at);
            RegexThreads swap = _current;
            _current = _next;
            _next = swap;
            _next.Clear();
            if (at >= _input.Length || IsExhausted)
                return isFound && !IsExhausted;
        }
    }

    private static Span<int> Take(scoped ref Span<int> cells, int count)
    {
        Span<int> taken = cells[..count];
        cells = cells[count..];
        return taken;
    }

    /// <summary>One byte for every thread. A match cuts off the threads behind it: they are less preferred.</summary>
    private bool Step(int at)
    {
        for (int i = 0; i < _current.Count; i++)
        {
            _work--;
            ref readonly RegexInstruction instruction = ref _instructions[_current[i]];
            if (instruction.Op == RegexOp.Match)
            {
                _current.Captures(i).CopyTo(_match);
                return true;
            }

            if (instruction.Op != RegexOp.Byte || at >= _input.Length || _input[at] < instruction.A || _input[at] > instruction.B)
                continue;
            _current.Captures(i).CopyTo(_working);
            Follow(ref _next, instruction.Next, at + 1);
        }

        return false;
    }

    /// <summary>Adds a thread and all it reaches without a byte, preferred ways first. The stack holds ways to go and captures to restore.</summary>
    private void Follow(ref RegexThreads threads, int from, int at)
    {
        int depth = 0;
        Push(ref depth, from, 0);
        while (depth > 0)
        {
            int value = _stack[--depth];
            int instruction = _stack[--depth];
            if (instruction < 0)
            {
                _working[~instruction] = value;
                continue;
            }

            if (!threads.TryAdd(instruction))
                continue;
            _work--;
            ref readonly RegexInstruction i = ref _instructions[instruction];
            switch (i.Op)
            {
                case RegexOp.Split:
                    Push(ref depth, i.A, 0);
                    Push(ref depth, i.Next, 0);
                    break;
                case RegexOp.Save:
                    Push(ref depth, ~i.A, _working[i.A]);
                    _working[i.A] = at;
                    Push(ref depth, i.Next, 0);
                    break;
                case RegexOp.Begin when at == 0:
                case RegexOp.End when at == _input.Length:
                    Push(ref depth, i.Next, 0);
                    break;
                default:
                    _working.CopyTo(threads.Captures(threads.Count - 1));
                    break;
            }
        }
    }

    private readonly void Push(ref int depth, int instruction, int value)
    {
        _stack[depth++] = instruction;
        _stack[depth++] = value;
    }
}
