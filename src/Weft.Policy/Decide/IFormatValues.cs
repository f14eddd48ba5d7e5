using System;
using Weft.Policy.Blocks;

namespace Weft.Policy.Decide;

/// <summary>Gives header formats the facts of a request: the proxy implements it over its stream, explain over what it was told.</summary>
public interface IFormatValues
{
    /// <summary>Writes an operator's value; 0 bytes when there is none. False only when it does not fit.</summary>
    /// <param name="op">Never <see cref="FormatOperator.Literal"/>.</param>
    /// <param name="argument">Lower-case header name for REQ and RESP; else usually empty.</param>
    /// <param name="destination">Where to write.</param>
    /// <param name="written">Bytes written.</param>
    bool TryWrite(FormatOperator op, ReadOnlySpan<byte> argument, Span<byte> destination, out int written);
}
