using System;

namespace Weft.Http.Http1;

/// <summary>
/// The working array of a loop's parsers, one for each set of limits. Nothing in it survives a call to Push, so any number of
/// connections of one loop share it. Loop thread only.
/// </summary>
public sealed class Http1Scratch
{
    private readonly HeaderField[] _fields;

    public Http1Scratch(in Http1Limits limits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limits.MaxHeadBytes, 256);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limits.MaxHeadBytes, 16 * 1024 * 1024);
        Limits = limits;
        _fields = new HeaderField[Math.Max(limits.MaxHeaders, limits.MaxTrailers)];
    }

    public Http1Limits Limits { get; }

    internal Span<HeaderField> Fields => _fields;
}
