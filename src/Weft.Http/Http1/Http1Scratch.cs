using System;

namespace Weft.Http.Http1;

/// <summary>
/// The working array of a loop's parsers, one for each set of limits. Nothing in it survives a call to Push, so any number of
/// connections of one loop share it. Loop thread only.
/// </summary>
public sealed class Http1Scratch
{
    private readonly HeaderField[] _fields;
    private readonly Http1Limits _limits;

    /// <exception cref="ArgumentOutOfRangeException">Limits that no head could keep.</exception>
    public Http1Scratch(in Http1Limits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxHeadBytes, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxHeadBytes, 16 * 1024 * 1024);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxRequestLineBytes, 16);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxHeaders, ushort.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxChunkLineBytes, 16);
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxTrailerBytes, 2);
        // A line that fills the head would never be complete: a small head limit (it comes from configuration) makes the line's smaller too.
        _limits = limits with { MaxRequestLineBytes = Math.Min(limits.MaxRequestLineBytes, limits.MaxHeadBytes - 4) };
        _fields = new HeaderField[Math.Max(limits.MaxHeaders, limits.MaxTrailers)];
    }

    public ref readonly Http1Limits Limits => ref _limits;

    internal Span<HeaderField> Fields => _fields;
}
