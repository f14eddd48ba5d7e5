using System;
using System.Runtime.CompilerServices;

namespace Weft.Http.Http1;

/// <summary>
/// Walks CRLF-terminated lines of a growing input. Remembers how far it looked, so that input which drips in costs O(n) in total,
/// and finds the same fault at the same byte however the input was cut.
/// </summary>
internal struct LineCursor
{
    private int _searched;

    /// <summary>Start of the line not yet finished.</summary>
    public int Start { readonly get; private set; }

    /// <summary>No byte was looked at yet.</summary>
    public readonly bool IsFresh => Start == 0 && _searched == 0;

    public void Reset()
    {
        Start = 0;
        _searched = 0;
    }

    /// <summary>
    /// True when the line at <see cref="Start"/> is complete: its text ends before <paramref name="end"/>, where its CRLF stands.
    /// False: <paramref name="fault"/> says what is wrong, or None when more bytes are needed.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryFindEnd(ReadOnlySpan<byte> input, out int end, out Http1Fault fault)
    {
        fault = Http1Fault.None;
        int found = HttpSyntax.IndexOfControlExceptTab(input[_searched..]);
        if (found < 0)
        {
            _searched = end = input.Length;
            return false;
        }

        _searched = end = _searched + found;
        if (input[end] != '\r')
        {
            fault = input[end] == '\n' ? Http1Fault.BareLineFeed : Http1Fault.ControlCharacter;
            return false;
        }

        if (end + 1 == input.Length) return false;
        if (input[end + 1] == '\n') return true;
        fault = Http1Fault.BareCarriageReturn;
        return false;
    }

    /// <summary>Goes to the line after the one that ended at <paramref name="end"/>.</summary>
    public void Advance(int end) => Start = _searched = end + 2;
}
